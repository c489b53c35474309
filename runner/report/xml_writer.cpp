#include "runner/report/xml_writer.hpp"

#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&apos;";
    default:
      return {};
  }
}

}  // namespace

std::string xml_text(std::string_view bytes) {
  const std::string text = printable(bytes);
  std::string escaped;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at);
    if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      escaped += '?';  // U+FFFE and U+FFFF are the only printable ones that XML forbids
      at += 2;
    } else if (const std::string_view named = entity(text[at]); !named.empty()) {
      escaped += named;
    } else {
      escaped += text[at];
    }
  }
  return escaped;
}

XmlWriter::XmlWriter(const TextSink& sink) : sink_(sink) {
  sink_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void XmlWriter::start(std::string_view name, Attributes attributes) {
  std::string tag(2 * open_.size(), ' ');
  tag.append("<").append(name);
  for (const auto& [key, value] : attributes) {
    tag.append(" ").append(key).append("=\"").append(xml_text(value)).append("\"");
  }
  sink_(tag);
}

void XmlWriter::open(std::string_view name, Attributes attributes) {
  start(name, attributes);
  sink_(">\n");
  open_.emplace_back(name);
}

void XmlWriter::close() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  sink_(std::string(2 * open_.size(), ' ') + "</" + name + ">\n");
}

void XmlWriter::leaf(std::string_view name, Attributes attributes) {
  start(name, attributes);
  sink_("/>\n");
}

void XmlWriter::lines(std::string_view name, const std::vector<std::string>& lines,
                      Attributes attributes) {
  start(name, attributes);
  sink_(">");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) sink_("\n");
    sink_(xml_text(lines[i]));
  }
  sink_(std::string("</").append(name).append(">\n"));
}

}  // namespace joust::report
