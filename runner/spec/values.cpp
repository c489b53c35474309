#include "runner/spec/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/text.hpp"

namespace joust::spec {
namespace {

constexpr auto kNoMinimum = std::numeric_limits<double>::lowest();
constexpr auto kNoMaximum = std::numeric_limits<double>::max();

// A limit in the unit that people write: a duration, a size or a number.
std::string limit_text(ParameterKind kind, double limit) {
  if (kind == ParameterKind::duration) return format_duration(Duration(std::llround(limit)));
  if (kind == ParameterKind::size) {
    return format_size(static_cast<std::uint64_t>(std::llround(limit)));
  }
  if (std::abs(limit) < 1e15 && limit == std::floor(limit)) {
    return fmt::format("{}", static_cast<std::int64_t>(limit));
  }
  return format_double(limit);
}

bool in_limits(const ParameterInfo& declared, double value) {
  return std::isfinite(value) && value >= declared.minimum && value <= declared.maximum;
}

std::optional<std::int64_t> integer_of(const Node& node, const ParameterInfo& declared) {
  const auto* value = std::get_if<std::int64_t>(&node.value);
  if (value == nullptr || !in_limits(declared, static_cast<double>(*value))) return std::nullopt;
  return *value;
}

std::optional<double> real_of(const Node& node, const ParameterInfo& declared) {
  std::optional<double> value;
  if (const auto* real = std::get_if<double>(&node.value)) value = *real;
  if (const auto* whole = std::get_if<std::int64_t>(&node.value)) {
    value = static_cast<double>(*whole);
  }
  if (!value || !in_limits(declared, *value)) return std::nullopt;
  return value;
}

// `number` or [low, high], each end read by `end_of`.
template <class Range, class EndOf>
std::optional<ParameterValue> range_of(const Node& node, const ParameterInfo& declared,
                                       EndOf end_of) {
  const auto* ends = std::get_if<Array>(&node.value);
  if (ends != nullptr && ends->size() != 2) return std::nullopt;
  const auto low = end_of(ends != nullptr ? ends->front() : node, declared);
  const auto high = end_of(ends != nullptr ? ends->back() : node, declared);
  if (!low || !high) return std::nullopt;
  return Range{*low, *high};
}

std::optional<ParameterValue> text_of(const Node& node, const ParameterInfo& declared) {
  const auto* text = std::get_if<std::string>(&node.value);
  if (text == nullptr) return std::nullopt;
  const auto& choices = declared.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), *text) == choices.end()) {
    return std::nullopt;
  }
  return *text;
}

std::optional<ParameterValue> text_list_of(const Node& node, const ParameterInfo& declared) {
  const auto* items = std::get_if<Array>(&node.value);
  if (items == nullptr) return std::nullopt;
  std::vector<std::string> list;
  for (const Node& item : *items) {
    const auto text = text_of(item, declared);
    if (!text) return std::nullopt;
    list.push_back(std::get<std::string>(*text));
  }
  return list;
}

bool is_endless(const ParameterInfo& declared) {
  const auto* value = std::get_if<std::int64_t>(&declared.default_value);
  return declared.kind == ParameterKind::duration && value != nullptr &&
         *value == Duration::max().count();
}

std::optional<ParameterValue> duration_of(const Node& node, const ParameterInfo& declared) {
  const auto* text = std::get_if<std::string>(&node.value);
  if (text == nullptr) return std::nullopt;
  if (*text == "none" && is_endless(declared)) return declared.default_value;
  const auto duration = parse_duration(*text);
  if (!duration || !in_limits(declared, static_cast<double>(duration->count()))) {
    return std::nullopt;
  }
  return std::int64_t{duration->count()};
}

std::optional<ParameterValue> size_of(const Node& node, const ParameterInfo& declared) {
  std::optional<std::uint64_t> bytes;
  if (const auto* text = std::get_if<std::string>(&node.value)) bytes = parse_size(*text);
  const auto* number = std::get_if<std::int64_t>(&node.value);
  if (number != nullptr && *number >= 0) bytes = static_cast<std::uint64_t>(*number);
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!bytes || *bytes > kMost || !in_limits(declared, static_cast<double>(*bytes))) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*bytes);
}

bool has_limits(ParameterKind kind) {
  return kind != ParameterKind::boolean && kind != ParameterKind::text &&
         kind != ParameterKind::text_list && kind != ParameterKind::file;
}

}  // namespace

std::string limits_text(const ParameterInfo& declared) {
  if (!declared.choices.empty()) {
    return fmt::format("\"{}\"", fmt::join(declared.choices, "\", \""));
  }
  if (!has_limits(declared.kind)) return "";
  const bool has_minimum = declared.minimum != kNoMinimum;
  const bool has_maximum = declared.maximum != kNoMaximum;
  if (declared.minimum == declared.maximum) {
    return limit_text(declared.kind, declared.minimum) + " only";
  }
  if (has_minimum && has_maximum) {
    return fmt::format("{} to {}", limit_text(declared.kind, declared.minimum),
                       limit_text(declared.kind, declared.maximum));
  }
  if (has_minimum) return "at least " + limit_text(declared.kind, declared.minimum);
  if (has_maximum) return "at most " + limit_text(declared.kind, declared.maximum);
  return "";
}

std::string allowed_text(const ParameterInfo& declared) {
  const std::string limits = limits_text(declared);
  if (declared.kind == ParameterKind::text && !declared.choices.empty()) return "one of " + limits;
  std::string text(kind_name(declared.kind));
  if (is_endless(declared)) text += ", or \"none\"";
  if (limits.empty()) return text;
  if (declared.kind == ParameterKind::text_list) return text + ", each one of " + limits;
  if (declared.minimum == declared.maximum) return text + ", " + limits;
  const bool is_number =
      declared.kind == ParameterKind::integer || declared.kind == ParameterKind::real;
  const bool is_interval = declared.minimum != kNoMinimum && declared.maximum != kNoMaximum;
  if (is_interval) return fmt::format("{}{} from {}", text, is_number ? "" : ",", limits);
  return fmt::format("{}{} {}", text, is_number ? " of" : ",", limits);
}

std::string note_text(const ParameterInfo& declared) {
  const std::string limits = declared.kind == ParameterKind::boolean
                                 ? std::string(kind_name(declared.kind))
                                 : limits_text(declared);
  if (declared.unit.empty() || limits.empty()) return declared.unit + limits;
  return declared.unit + ", " + limits;
}

std::string default_text(const ParameterInfo& declared) {
  return is_endless(declared) ? "\"none\"" : to_text(declared, declared.default_value);
}

std::optional<ParameterValue> convert(const Node& node, const ParameterInfo& declared) {
  switch (declared.kind) {
    case ParameterKind::boolean:
      if (const auto* value = std::get_if<bool>(&node.value)) return *value;
      return std::nullopt;
    case ParameterKind::integer:
      return integer_of(node, declared);
    case ParameterKind::real:
      return real_of(node, declared);
    case ParameterKind::text:
      return text_of(node, declared);
    case ParameterKind::text_list:
      return text_list_of(node, declared);
    case ParameterKind::integer_range:
      return range_of<IntegerRange>(node, declared, integer_of);
    case ParameterKind::real_range:
      return range_of<RealRange>(node, declared, real_of);
    case ParameterKind::duration:
      return duration_of(node, declared);
    case ParameterKind::size:
      return size_of(node, declared);
    case ParameterKind::file:  // read by Section, which knows the folder
    case ParameterKind::json:  // read as a whole table: command_world.hpp
      break;
  }
  return std::nullopt;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t kFew = 12;
  const std::vector<std::string> near = nearest_names(name, candidates);
  if (!near.empty()) return fmt::format("; did you mean '{}'?", fmt::join(near, "' or '"));
  if (candidates.empty() || candidates.size() > kFew) return "";
  return fmt::format("; known: {}", fmt::join(candidates, ", "));
}

}  // namespace joust::spec
