#pragma once
// What the chaos world is told to do wrong: a list of entries such as "crash p=0.05 signal=11". The
// grammar is in README.md.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/ids.hpp"
#include "common/time.hpp"
#include "common/world.hpp"

namespace joust::worlds::chaos {

enum class Action {
  sleep_for,
  spin,
  block,
  crash,
  corrupt,
  exit_silently,
  stop,
  leak,
  print,
  result,
  stray,
  throw_error,
  garbage,
  deadlock,
  overflow,
  null_call,
  fault,
};

enum class Stream { out, err, both };

// A child of the worker; one whose parent has ended; one that has no environment either.
enum class StrayKind { child, daemon, bare };

// "1,5-7"; an empty one holds every number.
struct NumberSet {
  std::vector<IntegerRange> ranges;
  bool contains(std::uint64_t number) const;
};

struct Entry {
  Action action = Action::spin;
  std::size_t number = 0;  // position in the script, from 1
  // when
  NumberSet tasks;
  NumberSet attempts;
  std::uint64_t every = 1;  // task indices divisible by it
  double probability = 1;
  // what
  Duration duration = kForEver;
  std::uint64_t size = 0;  // bytes
  int signal = 0;
  int exit_code = 0;
  Stream stream = Stream::both;
  std::uint64_t count = 1;
  StrayKind kind = StrayKind::child;
  std::string text;
  std::optional<std::uint32_t> seat;  // whose fault it is said to be

  static constexpr Duration kForEver = Duration::max();
};

// Throws SetupError naming the entry, its number and, for a mistyped word, what may have been
// meant.
std::vector<Entry> parse_script(const std::vector<std::string>& script);

// Whether the entry wants something of this attempt at the task. The same arguments give the same
// answer; an entry with p draws anew for each attempt. What changes a result (Action::result) is
// drawn without the attempt, since a result must not depend on it.
bool wants(const Entry& entry, const WorldTask& task, AttemptNumber attempt);

}  // namespace joust::worlds::chaos
