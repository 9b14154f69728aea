package dev.watchtower.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The pages in a real browser, on the running suite. */
@ExtendWith(Suite.class)
class PagesIT {
  private static final Path CHROMIUM = Path.of(System.getProperty("chromium", "/usr/bin/chromium"));
  private static final double LONG = 60_000;
  private static final List<String> PATHS =
      List.of(
          "/",
          "/chaos",
          "/incidents",
          "/status",
          "/on-call",
          "/silences",
          "/silences?new=maintenance",
          "/notifications",
          "/remediations",
          "/action-items",
          "/measures",
          "/audit");

  private static Playwright playwright;
  private static Browser browser;
  private static String storage;

  /** What the console said that it should not have. */
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void startTheBrowser() {
    if (!Files.isExecutable(CHROMIUM)) {
      var missing =
          "no Chromium at "
              + CHROMIUM
              + ": the pages are not tested (Debian: apt-get install chromium)";
      assertThat(Boolean.getBoolean("chromium.required")).as(missing).isFalse();
      System.out.println(missing);
      Assumptions.abort(missing);
    }
    playwright = Playwright.create();
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(
                        List.of(
                            "--disable-quic",
                            "--disable-background-networking",
                            "--disable-sync")));
    try (var context = browser.newContext()) {
      var page = context.newPage();
      page.navigate(Suite.url("monitor") + "/");
      page.getByLabel("Name").fill("admin");
      page.getByLabel("Password").fill(Suite.ADMIN_PASSWORD);
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log in")).click();
      page.waitForURL(Suite.url("monitor") + "/");
      storage = context.storageState();
    }
  }

  @AfterAll
  static void stopTheBrowser() {
    if (playwright != null) {
      playwright.close();
    }
  }

  @Test
  void theWholeLoopFromTheDashboard() throws Exception {
    Shop.calm();
    try (var context = context(1440, ColorScheme.DARK)) {
      var page = page(context, "/");
      assertThat(page.getByText("Live", new Page.GetByTextOptions().setExact(true)).first())
          .isVisible(visible());
      var row =
          page.locator("tr").filter(new Locator.FilterOptions().setHasText("Checkout")).first();
      assertThat(row).containsText(Pattern.compile("\\d/s"), contains());
      var before = row.innerText();
      await().atMost(Duration.ofSeconds(20)).until(() -> !row.innerText().equals(before));

      page.navigate(Suite.url("monitor") + "/chaos");
      page.locator("#checkout-errors")
          .getByRole(
              AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(Pattern.compile("Start")))
          .click();
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Start the experiment"))
          .click();
      await()
          .atMost(Duration.ofSeconds(45))
          .ignoreExceptions()
          .until(() -> !open("checkout").isEmpty());
      var id = open("checkout").getFirst();

      page.navigate(Suite.url("monitor") + "/incidents/" + id);
      page.getByRole(
              AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Acknowledge")))
          .first()
          .click();
      await().atMost(Duration.ofSeconds(20)).until(() -> state(id).equals("ACKNOWLEDGED"));
      assertThat(page.getByText("Likely cause").first()).isVisible(visible());
      assertThat(page.locator("main"))
          .containsText(Pattern.compile("checkout", Pattern.CASE_INSENSITIVE), contains());
      save(page, "incident");

      page.navigate(Suite.url("monitor") + "/chaos");
      page.getByRole(
              AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("Stop all")))
          .click();
      await().atMost(Duration.ofSeconds(60)).until(() -> state(id).equals("MITIGATED"));
      page.navigate(Suite.url("monitor") + "/incidents/" + id);
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Resolve"))
          .first()
          .click();
      page.getByRole(AriaRole.DIALOG)
          .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Resolve"))
          .click();
      await().atMost(Duration.ofSeconds(20)).until(() -> state(id).equals("RESOLVED"));
      assertThat(page.getByText("Resolved: nothing about this incident")).isVisible(visible());
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void noPageHasAccessibilityFaultsInEitherTheme() {
    for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      try (var context = context(1280, scheme)) {
        for (var path : PATHS) {
          var page = page(context, path);
          page.locator("h1, h2").first().waitFor();
          var violations =
              new AxeBuilder(page)
                  .analyze().getViolations().stream()
                      .map(v ->
                          path
                              + " "
                              + scheme
                              + ": "
                              + v.getId()
                              + " "
                              + v.getNodes().getFirst().getHtml())
                      .toList();
          assertThat(violations).isEmpty();
          page.close();
        }
      }
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void nothingOverflowsOnAPhone() {
    try (var context = context(390, ColorScheme.LIGHT)) {
      for (var path : PATHS) {
        var page = page(context, path);
        page.locator("h1, h2").first().waitFor();
        var overflow =
            (int)
                page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertThat(overflow).as(path).isLessThanOrEqualTo(0);
        page.close();
      }
    }
  }

  @Test
  void aPersonLeadsAnIncidentTellsThePublicAndWritesThePostmortem() throws Exception {
    Shop.calm();
    try (var context = context(1440, ColorScheme.LIGHT)) {
      var page = page(context, "/incidents");
      var opener = button(page, "Declare incident…");
      opener.focus();
      page.keyboard().press("Enter");
      page.getByRole(AriaRole.DIALOG).waitFor();
      page.keyboard().press("Escape");
      assertThat(opener).isFocused();
      var id = declare(page);
      button(page, "Severity…").click();
      page.getByText("some are slowed down").click();
      button(page, "Change to SEV3").click();
      assertThat(page.getByText("set by admin")).isVisible(visible());
      button(page, "Join").click();
      assertThat(page.getByLabel("Role of admin")).isVisible(visible());
      page.getByLabel("New task").fill("Call the carrier");
      button(page, "Add task").click();
      page.getByLabel("Done: Call the carrier").click();
      assertThat(page.getByLabel("Done: Call the carrier"))
          .isChecked(new LocatorAssertions.IsCheckedOptions().setTimeout(LONG));

      button(page, "Write…").click();
      page.getByLabel("What customers read").fill("Deliveries take a day longer.");
      button(page, "Publish").last().click();
      assertThat(page.getByText("Published on the status page.")).isVisible(visible());
      save(page, "incident-people");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> context.request().get(Suite.url("monitor") + "/status").text(),
              status -> status.contains("Deliveries take a day longer."));

      button(page, "Dismiss").click();
      page.getByLabel("Reason").fill("it was Sunday");
      page.getByRole(AriaRole.DIALOG)
          .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Dismiss"))
          .click();
      await().atMost(Duration.ofSeconds(20)).until(() -> state(id).equals("RESOLVED"));

      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .until(() -> Suite.get("incident", "/api/v1/incidents/" + id + "/postmortem").isObject());
      page.getByRole(
              AriaRole.LINK, new Page.GetByRoleOptions().setName("Postmortem").setExact(true))
          .first()
          .click();
      button(page, "Edit Summary").click();
      page.getByLabel("Summary", new Page.GetByLabelOptions().setExact(true))
          .fill("Nothing was *wrong*.");
      page.reload();
      assertThat(page.getByText("These are your words from before")).isVisible(visible());
      button(page, "Save").click();
      assertThat(page.getByText("admin’s words")).isVisible(visible());
      save(page, "postmortem");
    }
    assertThat(complaints).isEmpty();
  }

  private static String declare(Page page) {
    button(page, "Declare incident…").click();
    page.getByLabel("Title").fill("Deliveries are late");
    page.getByRole(AriaRole.DIALOG).getByLabel("Service").fill("inventory");
    // The catalog knows the service in one environment only.
    assertThat(page.getByLabel("Environment")).hasValue("prod");
    page.getByText("nobody outside notices").click();
    page.getByLabel("What is known").fill("a customer called");
    save(page, "declare");
    button(page, "Declare").dblclick();
    assertThat(page.getByText("Declared by hand: a customer called")).isVisible(visible());
    return page.url().substring(page.url().lastIndexOf('/') + 1);
  }

  @Test
  void aSilenceSaysBeforehandWhatItMutesAndEndsWhenSomebodySaysSo() {
    try (var context = context(1440, ColorScheme.DARK)) {
      var page = page(context, "/silences?new=silence");
      page.getByLabel("Services").fill("nothing-of-that-name");
      page.getByLabel("Reason").fill("a rehearsal");
      assertThat(page.getByText("It would mute nothing now")).isVisible(visible());
      button(page, "Silence").last().click();
      var row = page.locator("tr").filter(new Locator.FilterOptions().setHasText("a rehearsal"));
      assertThat(row).containsText("In force", contains());
      row.getByRole(AriaRole.BUTTON).click();
      button(page, "End it now").click();
      assertThat(page.getByText("The silence has ended.")).isVisible(visible());
      assertThat(row).hasCount(0);
    }
    assertThat(complaints).isEmpty();
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  @Test
  void theStatusPageNeedsNoScriptAndNoLogin() {
    try (var context =
        browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
      var page = context.newPage();
      var answer = page.navigate(Suite.url("monitor") + "/status");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(page.getByText("Checkout").first()).isVisible(visible());
      assertThat(page.locator("body")).containsText("uptime", contains());
      assertThat(page.locator("script").count()).isZero();
    }
  }

  private BrowserContext context(int width, ColorScheme scheme) {
    return browser.newContext(
        new Browser.NewContextOptions()
            .setStorageState(storage)
            .setViewportSize(width, 900)
            .setColorScheme(scheme));
  }

  private Page page(BrowserContext context, String path) {
    var page = context.newPage();
    page.addInitScript(
        "document.addEventListener('securitypolicyviolation',"
            + " e => console.error('policy ' + e.violatedDirective + ' ' + e.blockedURI))");
    page.onConsoleMessage(m -> {
      // A part that is being restarted answers 503; the page says so itself.
      if (m.type().equals("error") && !m.text().contains("503") && !m.text().contains("409")) {
        complaints.add(path + ": " + m.text() + " " + m.location());
      }
    });
    page.onPageError(e -> complaints.add(path + ": " + e));
    page.navigate(Suite.url("monitor") + path);
    return page;
  }

  private static void save(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(Path.of("target/screens/" + name + ".png"))
            .setFullPage(true));
  }

  private static List<String> open(String service) throws Exception {
    return Suite.get("incident", "/api/v1/incidents?service=" + service)
        .path("items")
        .valueStream()
        .filter(i -> !i.path("state").asString().equals("RESOLVED"))
        .map(i -> i.path("id").asString())
        .toList();
  }

  private static String state(String id) throws Exception {
    return Suite.get("incident", "/api/v1/incidents/" + id).path("state").asString();
  }

  private static LocatorAssertions.IsVisibleOptions visible() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(LONG);
  }

  private static LocatorAssertions.ContainsTextOptions contains() {
    return new LocatorAssertions.ContainsTextOptions().setTimeout(LONG);
  }
}
