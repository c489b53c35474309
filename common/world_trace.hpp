#pragma once
// How a world explains itself: the course of one world as tables for programs and a summary for
// people. Only a world that is played alone is ever asked (`joust replay --trace`, `joust report
// --world`), by WorldContext::trace.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace joust {

// Sums up a world, or a part of it. Every row has a cell for each column; an empty one is
// monostate.
struct SummaryTable {
  using Cell = std::variant<std::monostate, std::int64_t, double, bool, std::string>;
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
  bool operator==(const SummaryTable&) const = default;
};

// Who asked. To be told when the world is over, from the playing thread; same world, same bytes:
// no times of day, nothing random that the seed does not decide.
class WorldTrace {
 public:
  virtual ~WorldTrace() = default;

  // A whole file. REQUIRES: `name` is one of WorldType::tables, each given once.
  virtual void table(std::string_view name, std::string_view text) = 0;

  virtual void summary(const SummaryTable& table) = 0;
};

}  // namespace joust
