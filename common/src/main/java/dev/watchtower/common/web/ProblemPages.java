package dev.watchtower.common.web;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Explains the problem types that {@code type} refers to. */
@RestController
final class ProblemPages {
  private static final Map<String, String> PAGES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "bad-request",
                  "400. The request cannot be used; 'errors' says what and where. Repeating it does not help."),
              Map.entry(
                  "unauthorized",
                  "401. Send a valid token: Authorization: Bearer wt_… Make one with: ./watchtower token create"),
              Map.entry(
                  "forbidden", "403. The token is valid but lacks the scope that 'detail' names."),
              Map.entry("not-found", "404. There is no such thing, or no more."),
              Map.entry(
                  "method-not-allowed",
                  "405. The path exists, the method does not; see the header Allow."),
              Map.entry(
                  "illegal-transition",
                  "409. The incident's state does not allow this event; 'allowed' lists those it does."),
              Map.entry(
                  "stale-version",
                  "409. Somebody changed it in the meantime. Read it again, then decide again."),
              Map.entry(
                  "incident-resolved",
                  "409. A resolved incident never changes. A recurrence opens a new one."),
              Map.entry(
                  "incident-open",
                  "409. The service and environment have an unresolved incident already; 'incident' is its id."),
              Map.entry(
                  "lease-ended", "409. The fault was ended. Begin it anew with another lease."),
              Map.entry(
                  "nothing-to-approve", "409. The remediation does not wait for anybody's word."),
              Map.entry(
                  "notification-settled",
                  "409. The notification is not in a state for that; 'detail' and 'state' say which it is in."),
              Map.entry(
                  "comment-required",
                  "422. The event needs a reason: send it as 'comment', it goes onto the timeline."),
              Map.entry(
                  "incomplete",
                  "408. The request did not come to its end in time; nothing of it was done. Try again."),
              Map.entry(
                  "too-large", "413. The body is over the limit, counted after decompression."),
              Map.entry(
                  "unsupported-media-type",
                  "415. Wrong Content-Type or Content-Encoding; 'detail' names the right ones."),
              Map.entry(
                  "malformed-body",
                  "400. The body cannot be read as what its Content-Type says; 'detail' says where it breaks off. Repeating it does not help."),
              Map.entry(
                  "samples-refused",
                  "400. Some samples were refused, for the reasons in 'detail'; the good ones are stored. Repeating it does not help."),
              Map.entry(
                  "password-change-needed",
                  "403. The first password has to be changed before anything else: open /change-password in the browser."),
              Map.entry(
                  "bad-signature", "403. The signature of the webhook does not fit its secret."),
              Map.entry(
                  "github-not-configured",
                  "403. Set GITHUB_WEBHOOK_SECRET to the secret of the webhook, then ./watchtower down and up; in containers docker compose up -d."),
              Map.entry(
                  "no-postmortem", "404. A postmortem is there when the incident is resolved."),
              Map.entry(
                  "not-acceptable",
                  "406. There is no answer in the form that the header Accept asks for."),
              Map.entry(
                  "run-in-progress",
                  "409. One run at a time on a target: stop the other one first."),
              Map.entry(
                  "too-many-faults",
                  "409. The target holds as many faults as it takes at once: end one first."),
              Map.entry(
                  "too-many",
                  "409. There are as many of them as are kept: end, drop or join some first."),
              Map.entry(
                  "too-many-tokens",
                  "409. There are as many tokens as are kept: revoke some first."),
              Map.entry(
                  "key-in-use",
                  "409. This Idempotency-Key came with another request: send each with one of its own."),
              Map.entry(
                  "not-possible", "409. It is not possible as things are; 'detail' says why."),
              Map.entry(
                  "last-admin", "409. This is the last enabled ADMIN: make another one first."),
              Map.entry("user-exists", "409. There is a user of that name."),
              Map.entry(
                  "query-failed",
                  "422. The query is understood and has no answer: too much to read, or too long."),
              Map.entry(
                  "back-test-failed",
                  "422. The back-test has no answer: take a shorter time, a longer step, or fewer services."),
              Map.entry(
                  "not-a-deployment",
                  "422. A verdict is given on deployments only, and this event is none."),
              Map.entry("refused", "The request is refused; 'status' and 'detail' say why."),
              Map.entry(
                  "peer-refused",
                  "502. Another service refused this one's token: compare the keys in the data directory."),
              Map.entry(
                  "peer-broke-off",
                  "502. Another service broke off before it answered. What was asked may be done: look first."),
              Map.entry(
                  "peer-timeout",
                  "504. Another service did not answer in time. A change that was asked for may be done: look first."),
              Map.entry(
                  "internal",
                  "500. A fault of ours. Look for the trace id in GET /logs of the service."),
              Map.entry(
                  "unavailable",
                  "503. Overloaded, or something it needs is down. Try again after Retry-After seconds; after a change look first whether it was stored.")));

  /** The explanation of one problem type; of all when it is unknown. */
  @GetMapping(path = "/problems/{slug}", produces = MediaType.TEXT_PLAIN_VALUE)
  String page(@PathVariable String slug) {
    var page = PAGES.get(slug);
    if (page != null) {
      return slug + ": " + page + "\n";
    }
    var all = new StringBuilder("Unknown problem type. The types are:\n");
    PAGES.forEach((name, text) -> all.append(name).append(": ").append(text).append('\n'));
    return all.toString();
  }
}
