#include "worker/worlds/chaos/script.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>
#include <sstream>

#include "common/hash.hpp"
#include "common/parse_number.hpp"
#include "common/text.hpp"

namespace joust::worlds::chaos {
namespace {

struct ActionInfo {
  std::string_view name;
  Action action;
  std::vector<std::string> arguments;
  std::string required;  // one of the arguments; empty: none
};

const std::array<ActionInfo, 17>& actions() {
  static const std::array<ActionInfo, 17> actions = {{
      {"sleep", Action::sleep_for, {"for"}, "for"},
      {"spin", Action::spin, {"for"}, ""},
      {"block", Action::block, {}, ""},
      {"crash", Action::crash, {"signal"}, ""},
      {"corrupt", Action::corrupt, {}, ""},
      {"exit", Action::exit_silently, {"code"}, ""},
      {"stop", Action::stop, {}, ""},
      {"leak", Action::leak, {"size"}, "size"},
      {"print", Action::print, {"size", "to"}, "size"},
      {"result", Action::result, {"size"}, "size"},
      {"stray", Action::stray, {"for", "count", "as"}, ""},
      {"throw", Action::throw_error, {"text", "seat"}, ""},
      {"garbage", Action::garbage, {}, ""},
      {"deadlock", Action::deadlock, {}, ""},
      {"overflow", Action::overflow, {}, ""},
      {"null_call", Action::null_call, {}, ""},
      {"fault", Action::fault, {}, ""},
  }};
  return actions;
}

std::string meant(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string> near = nearest_names(word, known);
  if (near.empty()) return fmt::format("; known: {}", fmt::join(known, ", "));
  return fmt::format("; did you mean {}?", fmt::join(near, " or "));
}

std::optional<std::int64_t> integer(std::string_view text) {
  const auto number = parse_number<std::int64_t>(text);
  return number && *number >= 0 ? number : std::nullopt;
}

std::optional<double> probability(std::string_view text) {
  const auto number = parse_number<double>(text);
  return number && *number >= 0 && *number <= 1 ? number : std::nullopt;  // NaN is not
}

std::optional<NumberSet> number_set(std::string_view text) {
  NumberSet set;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    const std::size_t dash = part.find('-');
    const auto low = integer(part.substr(0, dash));
    const auto high = dash == std::string_view::npos ? low : integer(part.substr(dash + 1));
    if (!low || !high || *low > *high) return std::nullopt;
    set.ranges.push_back({*low, *high});
    if (comma == std::string_view::npos) return set;
    text.remove_prefix(comma + 1);
  }
}

// "11", "SEGV" or "SIGSEGV".
std::optional<int> signal_number(std::string_view text) {
  if (text.starts_with("SIG")) text.remove_prefix(3);
  for (int number = 1; number < SIGRTMIN; ++number) {
    const char* name = ::sigabbrev_np(number);
    if (text == fmt::format("{}", number) || (name != nullptr && text == name)) return number;
  }
  return std::nullopt;
}

std::optional<Stream> stream(std::string_view text) {
  if (text == "stdout") return Stream::out;
  if (text == "stderr") return Stream::err;
  if (text == "both") return Stream::both;
  return std::nullopt;
}

std::optional<StrayKind> stray_kind(std::string_view text) {
  if (text == "child") return StrayKind::child;
  if (text == "daemon") return StrayKind::daemon;
  if (text == "bare") return StrayKind::bare;
  return std::nullopt;
}

// Moves a value into its place; false when there is none.
template <class Value, class Place>
bool put(const std::optional<Value>& value, Place& place) {
  if (!value) return false;
  place = static_cast<Place>(*value);
  return true;
}

// One "key=value" of an entry, and what its value must be.
struct Argument {
  std::string name;
  std::string expected;
  bool (*read)(std::string_view value, Entry& entry);
};

const std::vector<Argument>& arguments() {
  static const std::vector<Argument> arguments = {
      {"task", "task indices such as 4 or 1,5-7",
       [](std::string_view value, Entry& entry) { return put(number_set(value), entry.tasks); }},
      {"attempt", "attempts such as 1 or 1-2",
       [](std::string_view value, Entry& entry) { return put(number_set(value), entry.attempts); }},
      {"every", "a whole number from 1",
       [](std::string_view value, Entry& entry) {
         return put(integer(value), entry.every) && entry.every > 0;
       }},
      {"p", "a probability from 0 to 1",
       [](std::string_view value, Entry& entry) {
         return put(probability(value), entry.probability);
       }},
      {"for", "a duration such as 200ms",
       [](std::string_view value, Entry& entry) {
         return put(parse_duration(value), entry.duration);
       }},
      {"size", "a size such as 4MiB",
       [](std::string_view value, Entry& entry) { return put(parse_size(value), entry.size); }},
      {"signal", "a signal such as 11 or SEGV",
       [](std::string_view value, Entry& entry) {
         return put(signal_number(value), entry.signal);
       }},
      {"code", "an exit code from 0 to 255",
       [](std::string_view value, Entry& entry) {
         return put(integer(value), entry.exit_code) && entry.exit_code <= 255;
       }},
      {"to", "stdout, stderr or both",
       [](std::string_view value, Entry& entry) { return put(stream(value), entry.stream); }},
      {"count", "a number from 1 to 1000",
       [](std::string_view value, Entry& entry) {
         return put(integer(value), entry.count) && entry.count >= 1 && entry.count <= 1000;
       }},
      {"as", "child, daemon or bare",
       [](std::string_view value, Entry& entry) { return put(stray_kind(value), entry.kind); }},
      {"seat", "a seat, counted from 0",
       [](std::string_view value, Entry& entry) {
         const auto number = integer(value);
         if (number && *number <= UINT32_MAX) entry.seat = static_cast<std::uint32_t>(*number);
         return entry.seat.has_value();
       }},
      {"text", "a word",
       [](std::string_view value, Entry& entry) {
         entry.text = value;
         return !value.empty();
       }},
  };
  return arguments;
}

// Reads one entry; its messages begin with the entry's place.
class EntryParser {
 public:
  EntryParser(std::size_t number, const std::string& text)
      : place_(fmt::format("script entry {} ('{}')", number, text)), words_(text) {
    entry_.number = number;
    entry_.signal = SIGSEGV;
    entry_.exit_code = 1;
    entry_.text = "thrown on command";
  }

  Entry parse() {
    std::string word;
    words_ >> word;
    const ActionInfo& info = find_action(word);
    entry_.action = info.action;
    std::vector<std::string> allowed = info.arguments;
    for (const char* when : {"task", "every", "p"}) allowed.emplace_back(when);
    if (info.action != Action::result) allowed.emplace_back("attempt");
    while (words_ >> word) read_argument(word, info, allowed);
    if (!info.required.empty() && !has(info.required)) {
      fail(fmt::format("'{}' needs {}=", info.name, info.required));
    }
    return entry_;
  }

 private:
  [[noreturn]] void fail(const std::string& text) const {
    throw SetupError(fmt::format("{}: {}", place_, text));
  }

  bool has(const std::string& name) const {
    return std::find(seen_.begin(), seen_.end(), name) != seen_.end();
  }

  const ActionInfo& find_action(const std::string& word) const {
    std::vector<std::string> names;
    for (const ActionInfo& info : actions()) {
      if (info.name == word) return info;
      names.emplace_back(info.name);
    }
    fail(fmt::format("there is no action '{}'{}", word, meant(word, names)));
  }

  void read_argument(const std::string& word, const ActionInfo& info,
                     const std::vector<std::string>& allowed) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (info.action == Action::result && name == "attempt") {
      fail("a result must not depend on the attempt");
    }
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      fail(fmt::format("'{}' has no argument '{}'{}", info.name, name, meant(name, allowed)));
    }
    if (has(name)) fail(fmt::format("'{}' is given twice", name));
    seen_.push_back(name);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    const auto argument = std::find_if(arguments().begin(), arguments().end(),
                                       [&](const Argument& known) { return known.name == name; });
    if (!argument->read(value, entry_)) {
      fail(fmt::format("{}='{}' is not {}", name, value, argument->expected));
    }
  }

  std::string place_;
  std::istringstream words_;
  std::vector<std::string> seen_;
  Entry entry_;
};

// From 0 to below 1, and the same for the same arguments.
double draw(std::uint64_t seed, AttemptNumber attempt, std::size_t entry) {
  constexpr double kUnit = 1.0 / static_cast<double>(1ULL << 53);
  return static_cast<double>(hash_numbers({seed, attempt, entry}) >> 11) * kUnit;
}

}  // namespace

bool NumberSet::contains(std::uint64_t number) const {
  if (ranges.empty()) return true;
  return std::any_of(ranges.begin(), ranges.end(), [number](const IntegerRange& range) {
    return static_cast<std::uint64_t>(range.low) <= number &&
           number <= static_cast<std::uint64_t>(range.high);
  });
}

std::vector<Entry> parse_script(const std::vector<std::string>& script) {
  std::vector<Entry> entries;
  entries.reserve(script.size());
  for (const std::string& text : script) {
    entries.push_back(EntryParser(entries.size() + 1, text).parse());
  }
  return entries;
}

bool wants(const Entry& entry, const WorldTask& task, AttemptNumber attempt) {
  if (!entry.tasks.contains(task.index) || task.index % entry.every != 0) return false;
  if (!entry.attempts.contains(attempt)) return false;
  const AttemptNumber drawn_for = entry.action == Action::result ? 0 : attempt;
  return draw(task.seed, drawn_for, entry.number) < entry.probability;
}

}  // namespace joust::worlds::chaos
