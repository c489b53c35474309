#include "runner/scoring/per_run_files.hpp"

#include <nlohmann/json.hpp>

#include "common/csv.hpp"
#include "common/utf8.hpp"
#include "runner/scoring/file_set.hpp"

namespace joust::scoring {
namespace {

using Json = nlohmann::ordered_json;

// JSON knows neither NaN nor infinities: those are null, which pandas reads as NaN.
Json number(double value) {
  if (is_whole(value)) return static_cast<std::int64_t>(value);
  return value;
}

Json score_record(const WorldStats& world, const SeatStats& seat) {
  const std::string agent = as_utf8(seat.agent);
  return {{"agent_name", agent}, {"agent_id", agent},       {"agent_type", as_utf8(seat.type)},
          {"score", seat.score}, {"log_file", ""},          {"world", world.run_id},
          {"stats_folders", ""}, {"base_stats_folder", ""}, {"run_id", world.run_id}};
}

Json seat_record(const WorldStats& world, const SeatStats& seat, const char* label,
                 std::string_view name) {
  Json record = {{"world", world.run_id},
                 {label, as_utf8(name)},
                 {"exceptions", Json::array()},
                 {"negotiator_exceptions", Json::array()},
                 {"times", world.seconds}};
  for (std::size_t i = 0; i < kStatCounters.size(); ++i) {
    record[std::string(kStatCounters[i])] = number(seat.counters[i]);
  }
  return record;
}

Json world_record(const WorldStats& world) {
  Json record = {{"name", world.run_id},
                 {"planned_n_steps", number(world.planned_steps)},
                 {"executed_n_steps", number(world.executed_steps)},
                 {"execution_time", world.seconds}};
  for (const char* kind : {"simulation_exceptions", "contract_exceptions", "mechanism_exceptions",
                           "other_exceptions"}) {
    record[kind] = Json::array();
  }
  record["n_agent_exceptions"] = number(world.agent_exceptions);
  record["n_negotiator_exceptions"] = number(world.negotiator_exceptions);
  record["mean_agent_time"] = nullptr;
  for (std::size_t i = 0; i < kStatCounters.size(); ++i) {
    record["n_" + std::string(kStatCounters[i])] = number(world.counters[i]);
  }
  return record;
}

Json results_of(const WorldStats& world, const std::string& tournament, const std::string& path) {
  Json results;
  results["run_id"] = world.run_id;
  results["name"] = tournament;
  results["world_paths"] = path;
  for (const char* list : {"scores", "type_stats", "agent_stats"}) results[list] = Json::array();
  for (const SeatStats& seat : world.seats) {
    results["scores"].push_back(score_record(world, seat));
    results["type_stats"].push_back(seat_record(world, seat, "type", seat.type));
    results["agent_stats"].push_back(seat_record(world, seat, "agent", seat.agent));
  }
  results["world_stats"] = Json::array({world_record(world)});
  results["extra_scores"] = Json::object();
  return results;
}

}  // namespace

PerRunFiles::PerRunFiles(AtomicFile& assigned, std::filesystem::path folder, std::string tournament,
                         std::filesystem::path shown_folder)
    : assigned_(assigned),
      folder_(std::move(folder)),
      tournament_(std::move(tournament)),
      shown_folder_(std::move(shown_folder)) {
  assigned_.write("[");
}

void PerRunFiles::add(const WorldStats& world) {
  // the reader skips a world whose own folder is not there, although nothing is in it
  make_folder(folder_ / world.run_id / world.run_id);
  const std::string path = as_utf8((shown_folder_ / world.run_id / world.run_id).string());
  const Json assigned =
      Json::array({{{"__dir_name", path}, {"world_params", {{"name", world.run_id}}}}});
  assigned_.write(first_ ? "\n" : ",\n");
  assigned_.write(assigned.dump());
  first_ = false;

  AtomicFile results(folder_ / world.run_id / "results.json");
  results.write(results_of(world, tournament_, path).dump(1) + "\n");
  results.commit(Sync::none);
}

void PerRunFiles::finish() { assigned_.write("\n]\n"); }

}  // namespace joust::scoring
