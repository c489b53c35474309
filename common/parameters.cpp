#include "common/parameters.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "common/hash.hpp"
#include "common/text.hpp"
#include "common/time.hpp"

namespace joust {
namespace {

// A TOML basic string.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

struct ToText {
  ParameterKind kind;

  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const {
    if (kind == ParameterKind::duration) return in_quotes(format_duration(Duration(value)));
    if (kind == ParameterKind::size)
      return in_quotes(format_size(static_cast<std::uint64_t>(value)));
    return fmt::format("{}", value);
  }
  std::string operator()(double value) const { return format_double(value); }
  std::string operator()(const std::string& value) const {
    if (kind == ParameterKind::file && !value.empty()) return "xxh3:" + hash_hex(value);
    return in_quotes(value);
  }
  std::string operator()(const std::vector<std::string>& values) const {
    std::string out;
    for (const std::string& value : values) {
      if (!out.empty()) out += ", ";
      out += in_quotes(value);
    }
    return "[" + out + "]";
  }
  std::string operator()(const JsonText& value) const { return value.text; }
  template <class Range>
  std::string operator()(const Range& range) const {
    if (range.low == range.high) return (*this)(range.low);
    return fmt::format("[{}, {}]", (*this)(range.low), (*this)(range.high));
  }
};

}  // namespace

void fill_defaults(Parameters& parameters, const std::vector<ParameterInfo>& declared) {
  for (const ParameterInfo& info : declared) {
    if (!parameters.values().contains(info.name)) parameters.set(info.name, info.default_value);
  }
}

std::string to_text(const ParameterInfo& declared, const ParameterValue& value) {
  return std::visit(ToText{declared.kind}, value);
}

std::string_view kind_name(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::boolean:
      return "true or false";
    case ParameterKind::integer:
      return "an integer";
    case ParameterKind::real:
      return "a number";
    case ParameterKind::text:
      return "a text in quotes";
    case ParameterKind::text_list:
      return "a list of texts";
    case ParameterKind::integer_range:
      return "an integer or [low, high]";
    case ParameterKind::real_range:
      return "a number or [low, high]";
    case ParameterKind::duration:
      return "a duration such as \"250ms\" or \"15m\"";
    case ParameterKind::size:
      return "a size such as \"64KiB\" or a number of bytes";
    case ParameterKind::file:
      return "the path of a file";
    case ParameterKind::json:
      return "any value but a date or a time";
  }
  return "a value";
}

void throw_no_such_parameter(std::string_view name) {
  throw std::logic_error(
      fmt::format("parameter '{}' was not declared, or not with the type it is read as", name));
}

}  // namespace joust
