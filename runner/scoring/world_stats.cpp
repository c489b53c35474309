#include "runner/scoring/world_stats.hpp"

#include <algorithm>
#include <chrono>

namespace joust::scoring {
namespace {

constexpr double kNotCounted = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view kWorldPrefix = "n_";

double* column_of(std::string_view name, StatCounters& counters) {
  const auto found = std::find(kStatCounters.begin(), kStatCounters.end(), name);
  if (found == kStatCounters.end()) return nullptr;
  return &counters[static_cast<std::size_t>(found - kStatCounters.begin())];
}

void read_seat(const std::vector<Counter>& counted, StatCounters& counters) {
  counters.fill(kNotCounted);
  for (const Counter& counter : counted) {
    if (double* column = column_of(counter.name, counters)) *column = counter.value;
  }
}

// The number of the world that a counter of this name gives; nullptr: none that tables show.
double* place_of(std::string_view name, WorldStats& stats) {
  if (name == "planned_n_steps") return &stats.planned_steps;
  if (name == "executed_n_steps") return &stats.executed_steps;
  if (name == "n_agent_exceptions") return &stats.agent_exceptions;
  if (name == "n_negotiator_exceptions") return &stats.negotiator_exceptions;
  if (!name.starts_with(kWorldPrefix)) return nullptr;
  return column_of(name.substr(kWorldPrefix.size()), stats.counters);
}

void read_world(const std::vector<Counter>& counted, WorldStats& stats) {
  stats.planned_steps = stats.executed_steps = kNotCounted;
  stats.agent_exceptions = stats.negotiator_exceptions = kNotCounted;
  stats.counters.fill(kNotCounted);
  // a world that counts its steps by one number played all that it planned
  for (const Counter& counter : counted) {
    if (counter.name == "n_steps") stats.planned_steps = stats.executed_steps = counter.value;
  }
  for (const Counter& counter : counted) {
    if (double* place = place_of(counter.name, stats)) *place = counter.value;
  }
}

}  // namespace

const WorldStats& WorldStatsReader::read(const CountedWorld& world) {
  stats_.run_id = plan_.run_id(world.row.task);
  stats_.seconds = timeless_ ? 0 : std::chrono::duration<double>(world.row.played).count();
  read_world(world.result.counters, stats_);
  stats_.seats.resize(world.seats.size());
  static const std::vector<Counter> none;
  for (std::size_t i = 0; i < world.seats.size(); ++i) {
    const ScoredSeat& scored = world.seats[i];
    SeatStats& seat = stats_.seats[i];
    seat.agent = scored.agent_name;
    seat.type = types_[scored.competitor];
    seat.score = scored.score;
    const bool is_there = i < world.result.seats.size();
    read_seat(is_there ? world.result.seats[i].counters : none, seat.counters);
  }
  return stats_;
}

}  // namespace joust::scoring
