package dev.watchtower.monitor.statuspage.web;

import dev.watchtower.monitor.statuspage.PublicIncident;
import dev.watchtower.monitor.statuspage.StatusReport;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The incidents as Atom (RFC 4287) and as RSS 2.0: one entry an incident, updated as it goes on.
 */
final class Feeds {
  private static final String ATOM = "http://www.w3.org/2005/Atom";
  private static final int NEWEST = 50;

  /** What XML 1.0 (2.2) has no way to write; one such character would break the whole feed. */
  private static final Pattern NOT_XML =
      Pattern.compile("[^\\t\\n\\r\\x20-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

  private final StatusReport report;
  private final Instant updatedAt;
  private final String base;
  private final Links links;

  Feeds(StatusReport report, Instant updatedAt, String base) {
    this.report = report;
    this.updatedAt = updatedAt;
    this.base = base;
    this.links = new Links(report, base);
  }

  String atom() {
    return document(xml -> {
      xml.setDefaultNamespace(ATOM);
      xml.writeStartElement("feed");
      xml.writeDefaultNamespace(ATOM);
      text(xml, "id", base + "/status");
      text(xml, "title", report.title() + ": incidents");
      text(xml, "updated", updatedAt.toString());
      link(xml, base + "/status", "alternate");
      link(xml, base + "/status/feed.atom", "self");
      xml.writeStartElement("author");
      text(xml, "name", report.title());
      xml.writeEndElement();
      for (var incident : incidents()) {
        xml.writeStartElement("entry");
        text(xml, "id", "urn:uuid:" + incident.id());
        text(xml, "title", titleOf(incident));
        text(xml, "published", incident.createdAt().toString());
        text(xml, "updated", incident.updatedAt().toString());
        link(xml, links.to(incident), "alternate");
        text(xml, "content", bodyOf(incident));
        xml.writeEndElement();
      }
      xml.writeEndElement();
    });
  }

  String rss() {
    return document(xml -> {
      xml.writeStartElement("rss");
      xml.writeAttribute("version", "2.0");
      xml.writeStartElement("channel");
      text(xml, "title", report.title() + ": incidents");
      text(xml, "link", base + "/status");
      text(xml, "description", report.about().isEmpty() ? report.title() : report.about());
      text(xml, "lastBuildDate", rfc1123(updatedAt));
      for (var incident : incidents()) {
        xml.writeStartElement("item");
        text(xml, "title", titleOf(incident));
        text(xml, "link", links.to(incident));
        xml.writeStartElement("guid");
        xml.writeAttribute("isPermaLink", "false");
        // Another guid for each state, so that readers show that it moved on.
        xml.writeCharacters(incident.id() + "/" + incident.updates().size());
        xml.writeEndElement();
        text(xml, "pubDate", rfc1123(incident.updatedAt()));
        text(xml, "description", bodyOf(incident));
        xml.writeEndElement();
      }
      xml.writeEndElement();
      xml.writeEndElement();
    });
  }

  // Readers have to see the end of a long incident too, however many have come since.
  private List<PublicIncident> incidents() {
    return report.lastToldFirst().stream().limit(NEWEST).toList();
  }

  private static String titleOf(PublicIncident incident) {
    return incident.name() + " (" + incident.status().words() + ")";
  }

  private static String bodyOf(PublicIncident incident) {
    var text = new StringBuilder();
    for (var update : incident.updates().reversed()) {
      text.append(update.at().toString(), 0, 16)
          .append("Z ")
          .append(update.status().words())
          .append(": ")
          .append(update.body())
          .append('\n');
    }
    return text.toString();
  }

  private static String rfc1123(Instant at) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atZone(ZoneOffset.UTC));
  }

  @FunctionalInterface
  private interface Content {
    void write(XMLStreamWriter xml) throws XMLStreamException;
  }

  private static String document(Content content) {
    var out = new StringWriter();
    try {
      var xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
      xml.writeStartDocument("UTF-8", "1.0");
      content.write(xml);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a feed could not be written", e);
    }
    return out.toString();
  }

  private static void text(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(NOT_XML.matcher(value).replaceAll(""));
    xml.writeEndElement();
  }

  private static void link(XMLStreamWriter xml, String href, String rel) throws XMLStreamException {
    xml.writeEmptyElement("link");
    xml.writeAttribute("rel", rel);
    xml.writeAttribute("href", href);
  }
}
