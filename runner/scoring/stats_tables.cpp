#include "runner/scoring/stats_tables.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/text.hpp"

namespace joust::scoring {
namespace {

// What pandas writes for an empty Python list: a world that throws fails, so one that is counted
// had no exceptions.
constexpr std::string_view kNoExceptions = "[]";

void write_world_header(AtomicFile& file) {
  CsvRow row;
  for (const std::string_view name :
       {"name", "planned_n_steps", "executed_n_steps", "execution_time", "simulation_exceptions",
        "contract_exceptions", "mechanism_exceptions", "other_exceptions", "n_agent_exceptions",
        "n_negotiator_exceptions", "mean_agent_time"}) {
    row.plain(name);
  }
  for (const std::string_view name : kStatCounters) row.plain("n_" + std::string(name));
  file.write(row.finish());
}

void write_agent_header(AtomicFile& file, std::string_view label) {
  CsvRow row;
  row.plain("world").plain(label).plain("exceptions").plain("negotiator_exceptions").plain("times");
  for (const std::string_view name : kStatCounters) row.plain(name);
  file.write(row.finish());
}

// Most worlds count nothing: a million of them should not take seventeen steps each to say so.
void add_counts(CsvRow& row, const StatCounters& counters) {
  const bool is_empty =
      std::all_of(counters.begin(), counters.end(), [](double each) { return std::isnan(each); });
  if (is_empty) {
    row.empty(counters.size());
    return;
  }
  for (const double counted : counters) row.count(counted);
}

}  // namespace

StatsTables::StatsTables(AtomicFile& worlds, AtomicFile& types, AtomicFile& agents)
    : worlds_(worlds), types_(types), agents_(agents) {
  write_world_header(worlds_);
  write_agent_header(types_, "type");
  write_agent_header(agents_, "agent");
}

void StatsTables::add(const WorldStats& world) {
  seconds_ = format_double(world.seconds);
  add_world(world);
  for (const SeatStats& seat : world.seats) add_seat(world, seat);
}

void StatsTables::add_world(const WorldStats& world) {
  row_.plain(world.run_id).count(world.planned_steps).count(world.executed_steps).plain(seconds_);
  for (int kind = 0; kind < 4; ++kind) row_.plain(kNoExceptions);
  row_.count(world.agent_exceptions).count(world.negotiator_exceptions).empty();
  add_counts(row_, world.counters);
  worlds_.write(row_.finish());
  row_.clear();
}

// The rows of the two tables differ in one cell.
void StatsTables::add_seat(const WorldStats& world, const SeatStats& seat) {
  row_.plain(kNoExceptions).plain(kNoExceptions).plain(seconds_);
  add_counts(row_, seat.counters);
  const std::string_view numbers = row_.finish();
  CsvRow names;
  for (const auto& [file, label] :
       {std::pair(&types_, seat.type), std::pair(&agents_, seat.agent)}) {
    names.plain(world.run_id).text(label).plain("");
    file->write(names.row());
    file->write(numbers);
    names.clear();
  }
  row_.clear();
}

}  // namespace joust::scoring
