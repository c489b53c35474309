#include "runner/spec/document.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <tuple>

#include "common/text.hpp"
#include "runner/spec/spec.hpp"

namespace joust::spec {
namespace {

Position position_of(const toml::source_region& source) {
  return {source.begin.line, source.begin.column};
}

Table convert(const toml::table& table);

Node convert(const toml::node& node) {
  Node result;
  result.at = position_of(node.source());
  if (const auto* table = node.as_table()) {
    result.value = convert(*table);
  } else if (const auto* array = node.as_array()) {
    Array items;
    for (const toml::node& item : *array) items.push_back(convert(item));
    result.value = std::move(items);
  } else if (const auto* text = node.as_string()) {
    result.value = text->get();
  } else if (const auto* integer = node.as_integer()) {
    result.value = integer->get();
  } else if (const auto* real = node.as_floating_point()) {
    result.value = real->get();
  } else if (const auto* boolean = node.as_boolean()) {
    result.value = boolean->get();
  } else {
    result.value = DateOrTime{};
  }
  return result;
}

// The library keeps tables sorted by name; errors should be found in the order of the file.
Table convert(const toml::table& table) {
  Table entries;
  for (const auto& [key, node] : table) {
    entries.push_back({std::string(key.str()), position_of(key.source()), convert(node)});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
  return entries;
}

struct Show {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return format_double(value); }
  std::string operator()(const std::string& value) const {
    std::size_t shown = 60;
    if (value.size() <= shown) return fmt::format("\"{}\"", value);
    while ((static_cast<unsigned char>(value[shown]) & 0xC0) == 0x80)
      --shown;  // not within a letter
    return fmt::format("\"{}...\" ({} bytes)", value.substr(0, shown), value.size());
  }
  std::string operator()(const DateOrTime&) const { return "a date or time"; }
  std::string operator()(const Array& array) const {
    constexpr std::size_t kLongest = 4;
    if (array.size() > kLongest) return fmt::format("a list of {} values", array.size());
    std::string items;
    for (const Node& item : array) items += (items.empty() ? "" : ", ") + show(item);
    return "[" + items + "]";
  }
  std::string operator()(const Table&) const { return "a table"; }
};

// What a file says must not steer the terminal that shows the message, nor end it early.
std::string without_control_characters(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

Document::Document(std::string label, std::string_view text) : label_(std::move(label)) {
  try {
    root_ = convert(toml::parse(text, std::string_view(label_)));
  } catch (const toml::parse_error& error) {
    fail(position_of(error.source()), error.description());
  }
}

void Document::fail(Position at, std::string_view message) const {
  throw SpecError(
      fmt::format("{}:{}:{}: {}", label_, at.line, at.column, without_control_characters(message)));
}

const Entry* find(const Table& table, std::string_view key) {
  const auto found =
      std::find_if(table.begin(), table.end(), [key](const Entry& e) { return e.key == key; });
  return found == table.end() ? nullptr : &*found;
}

std::string show(const Node& node) { return std::visit(Show{}, node.value); }

}  // namespace joust::spec
