package dev.watchtower.monitor.statuspage.web;

import dev.watchtower.monitor.statuspage.StatusReport;

/** The overall state as a small picture for other pages. */
final class Badge {
  private static final int CHARACTER = 7;
  private static final int PADDING = 12;
  private static final String LABEL = "status";

  private Badge() {}

  static String svg(StatusReport report) {
    var words = report.description().replace("&", "&amp;").replace("<", "&lt;");
    int left = LABEL.length() * CHARACTER + PADDING;
    int right = report.description().length() * CHARACTER + PADDING;
    var colour =
        switch (report.indicator()) {
          case NONE -> "#177245";
          case MAINTENANCE -> "#4250c9";
          case MINOR -> "#8a5300";
          case MAJOR -> "#b3470b";
          case CRITICAL -> "#b81f27";
        };
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="20" role="img" aria-label="%2$s: %3$s">
    <title>%2$s: %3$s</title>
    <rect width="%1$d" height="20" rx="3" fill="#3b434f"/>
    <rect x="%4$d" width="%5$d" height="20" rx="3" fill="%6$s"/>
    <g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
    <text x="6" y="14" textLength="%7$d">%2$s</text>
    <text x="%8$d" y="14" textLength="%9$d">%3$s</text>
    </g></svg>
    """
        .formatted(
            left + right,
            LABEL,
            words,
            left,
            right,
            colour,
            left - PADDING,
            left + PADDING / 2,
            right - PADDING);
  }
}
