#include "worker/worlds/plugin/declaration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "common/plugin_examiner.hpp"

namespace joust::worlds::plugin {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestTypeName = 256;
constexpr std::size_t kMostListed = 10'000;  // a count above it is no count
constexpr std::uint32_t kMostSeats = 65'535;

[[noreturn]] void fail(const std::string& text) { throw PluginError("declares " + text); }

std::string text_or_nothing(const char* text) { return text != nullptr ? text : ""; }

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// A line for people.
std::string line(const std::string& of, const char* text) {
  std::string found = text_or_nothing(text);
  if (std::any_of(found.begin(), found.end(), is_control)) {
    fail(fmt::format("{} with a text that is not one line", of));
  }
  return found;
}

template <class Item>
void require_list(const std::string& of, const Item* items, std::size_t count) {
  if (count > kMostListed || (count > 0 && items == nullptr)) {
    fail(fmt::format("a list of {} that cannot be: {} at {}", of, count, fmt::ptr(items)));
  }
}

std::string text_of(const std::string& of, const joust_text& text) {
  if (text.size == 0) return {};
  if (text.data == nullptr) fail(fmt::format("{} with a text of {} bytes at null", of, text.size));
  return {text.data, text.size};
}

ParameterKind kind_of(const std::string& of, std::uint32_t kind) {
  static_assert(JOUST_FILE == static_cast<int>(ParameterKind::file), "the two lists go in step");
  if (kind > JOUST_FILE) fail(fmt::format("{} of kind {}, which there is not", of, kind));
  return static_cast<ParameterKind>(kind);
}

ParameterValue value_of(const std::string& of, ParameterKind kind, const joust_value& value) {
  switch (kind) {
    case ParameterKind::boolean:
      return value.integer != 0;
    case ParameterKind::integer:
    case ParameterKind::duration:
    case ParameterKind::size:
      return value.integer;
    case ParameterKind::real:
      return value.real;
    case ParameterKind::integer_range:
      return IntegerRange{value.integer, value.integer_high};
    case ParameterKind::real_range:
      return RealRange{value.real, value.real_high};
    case ParameterKind::text_list: {
      require_list("texts of " + of, value.texts, value.text_count);
      std::vector<std::string> texts;
      for (std::size_t i = 0; i < value.text_count; ++i) {
        texts.push_back(text_of(of, value.texts[i]));
      }
      return texts;
    }
    case ParameterKind::text:
    case ParameterKind::file:
    case ParameterKind::json:
      return text_of(of, value.text);
  }
  fail(of + " of no kind");
}

// Whether a default is among the values that its own declaration allows.
struct IsAllowed {
  const ParameterInfo& info;

  bool operator()(bool) const { return true; }
  bool operator()(double value) const { return value >= info.minimum && value <= info.maximum; }
  bool operator()(std::int64_t value) const {
    const bool is_count = info.kind != ParameterKind::integer;
    return (*this)(static_cast<double>(value)) && !(is_count && value < 0);
  }
  bool operator()(const std::string& value) const {
    if (info.kind == ParameterKind::file) return value.empty();
    const auto& choices = info.choices;
    return choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end();
  }
  bool operator()(const std::vector<std::string>&) const { return true; }
  bool operator()(const JsonText&) const { return false; }
  template <class Range>
  requires requires(const Range& range) { range.low; }
  bool operator()(const Range& range) const {
    return range.low <= range.high && (*this)(range.low) && (*this)(range.high);
  }
};

// An end of an interval that is left open, as joust says it.
double finite(double limit) {
  using Limits = std::numeric_limits<double>;
  return std::clamp(limit, Limits::lowest(), Limits::max());
}

void set_limits(const std::string& of, const joust_parameter& from, ParameterInfo& info) {
  if (from.minimum == 0 && from.maximum == 0) return;
  if (!(from.minimum <= from.maximum)) {
    fail(fmt::format("{} from {} to {}", of, from.minimum, from.maximum));
  }
  info.minimum = finite(from.minimum);
  info.maximum = finite(from.maximum);
}

ParameterInfo parameter_of(const std::string& owner, const joust_parameter& from) {
  ParameterInfo info;
  info.name = text_or_nothing(from.name);
  if (info.name.empty() || info.name.size() > kLongestName ||
      !std::all_of(info.name.begin(), info.name.end(), is_plain)) {
    fail(fmt::format("a parameter of {} named '{}': a name must be 1 to {} of A-Z a-z 0-9 _ -",
                     owner, info.name, kLongestName));
  }
  const std::string me = fmt::format("a parameter '{}' of {}", info.name, owner);
  info.kind = kind_of(me, from.default_value.kind);
  info.default_value = value_of(me, info.kind, from.default_value);
  info.unit = line(me, from.unit);
  info.summary = line(me, from.summary);
  set_limits(me, from, info);
  require_list("choices of " + me, from.choices, from.choice_count);
  for (std::size_t i = 0; i < from.choice_count; ++i) {
    info.choices.push_back(text_or_nothing(from.choices[i]));
  }
  if (!std::visit(IsAllowed{info}, info.default_value)) {
    fail(fmt::format("{} whose default is not among the values that it allows", me));
  }
  return info;
}

std::vector<ParameterInfo> parameters_of(const std::string& owner, const joust_parameter* from,
                                         std::size_t count) {
  require_list("parameters of " + owner, from, count);
  std::vector<ParameterInfo> parameters;
  std::set<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    parameters.push_back(parameter_of(owner, from[i]));
    if (names.insert(parameters.back().name).second) continue;
    fail(fmt::format("two parameters of {} named '{}'", owner, parameters.back().name));
  }
  return parameters;
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_plain(c) || c == '.'; });
}

std::vector<CompetitorType> types_of(const joust_plugin& plugin) {
  require_list("competitor types", plugin.competitor_types, plugin.competitor_type_count);
  if (plugin.competitor_type_count == 0) fail("no competitor type: nobody could play");
  std::vector<CompetitorType> types;
  std::set<std::string> names;
  for (std::size_t i = 0; i < plugin.competitor_type_count; ++i) {
    const joust_competitor_type& from = plugin.competitor_types[i];
    const std::string name = line("a competitor type", from.name);
    if (name.empty() || name.size() > kLongestTypeName || !names.insert(name).second) {
      fail(fmt::format("a competitor type named '{}': names must be unique and of 1 to {} bytes",
                       name, kLongestTypeName));
    }
    const std::string me = fmt::format("the competitor type '{}'", name);
    types.push_back(
        {name, line(me, from.summary), parameters_of(me, from.parameters, from.parameter_count)});
  }
  return types;
}

void set_seats(const joust_plugin& plugin, WorldType& type) {
  type.min_seats = plugin.min_seats;
  type.max_seats = plugin.max_seats;
  type.default_seats = plugin.default_seats;
  const bool is_order = 1 <= type.min_seats && type.min_seats <= type.default_seats &&
                        type.default_seats <= type.max_seats && type.max_seats <= kMostSeats;
  if (is_order) return;
  fail(
      fmt::format("min_seats = {}, default_seats = {}, max_seats = {}: they must be in this order, "
                  "from 1 to {}",
                  type.min_seats, type.default_seats, type.max_seats, kMostSeats));
}

}  // namespace

WorldType declared_type(const joust_plugin& plugin) {
  WorldType type;
  type.name = text_or_nothing(plugin.name);
  if (!is_plain_name(type.name)) {
    fail(fmt::format("a world named '{}': its name must be 1 to {} of A-Z a-z 0-9 . _ -", type.name,
                     kLongestName));
  }
  type.summary = line("its world", plugin.summary);
  set_seats(plugin, type);
  type.parameters = parameters_of("the world", plugin.parameters, plugin.parameter_count);
  type.competitor_types = types_of(plugin);
  return type;
}

std::vector<DeclaredAgent> declared_agents(const joust_agents& library) {
  require_list("types of agents", library.types, library.type_count);
  if (library.type_count == 0) fail("no type of agents: nobody could play");
  if (library.type_size < sizeof(joust_agent_type)) {
    fail(fmt::format("types of {} bytes each; set type_size to sizeof(struct joust_agent_type)",
                     library.type_size));
  }
  std::vector<DeclaredAgent> agents;
  std::set<std::string> names;
  for (std::size_t i = 0; i < library.type_count; ++i) {
    const auto* const bytes = reinterpret_cast<const char*>(library.types) + i * library.type_size;
    const auto& from = *reinterpret_cast<const joust_agent_type*>(bytes);
    const std::string name = text_or_nothing(from.name);
    if (!is_plain_name(name)) {
      fail(fmt::format("a type of agents named '{}': its name must be 1 to {} of A-Z a-z 0-9 . _ -",
                       name, kLongestName));
    }
    const std::string me = fmt::format("the type of agents '{}'", name);
    if (!names.insert(name).second) fail(fmt::format("{} twice", me));
    if (from.create == nullptr || from.act == nullptr || from.destroy == nullptr) {
      fail(fmt::format("{} without one of its functions create, act and destroy", me));
    }
    agents.push_back(
        {{name, line(me, from.summary), parameters_of(me, from.parameters, from.parameter_count)},
         &from});
  }
  return agents;
}

}  // namespace joust::worlds::plugin
