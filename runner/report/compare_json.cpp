#include <cmath>
#include <nlohmann/json.hpp>

#include "runner/report/compare_text.hpp"

namespace joust::report {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json world_json(const WorldDifference& world) {
  Json json;
  json["task"] = world.task;
  json["run_id"] = world.run_id;
  json["change"] = change_name(world.change);
  json["seats"] = Json::array();
  for (const SeatDifference& seat : world.seats) {
    json["seats"].push_back({{"seat", seat.seat},
                             {"competitor", seat.competitor},
                             {"first", number_or_null(seat.first)},
                             {"here", number_or_null(seat.here)}});
  }
  return json;
}

Json difference_json(const RunDifference& difference) {
  Json json;
  json["none"] = difference.none();
  json["keys"] = Json::array();
  for (const KeyDifference& key : difference.keys) {
    json["keys"].push_back(
        {{"key", key.key}, {"first", text_or_null(key.first)}, {"here", text_or_null(key.here)}});
  }
  json["comparable"] = difference.is_comparable;
  json["equal"] = difference.equal;
  json["different"] = difference.different;
  json["only_in_first"] = difference.only_in_first;
  json["only_here"] = difference.only_here;
  json["examples"] = Json::array();
  for (const WorldDifference& world : difference.examples) {
    json["examples"].push_back(world_json(world));
  }
  return json;
}

Json standing_json(const scoring::Standings& standings, const scoring::Standing& standing) {
  const auto* sure = inference_of(standings, standing.competitor);
  Json json;
  json["rank"] = standing.rank == 0 ? Json(nullptr) : Json(standing.rank);
  json["tied"] = standing.tied;
  json["competitor"] = standing.name;
  json["score"] = number_or_null(standing.value);
  json["interval"] =
      sure == nullptr
          ? Json(nullptr)
          : Json::array({number_or_null(sure->interval.low), number_or_null(sure->interval.high)});
  json["worlds_done"] = standing.worlds_done;
  json["worlds_expected"] = standing.worlds_expected;
  json["unusable_scores"] = standing.unusable;
  json["disqualified_at"] =
      standing.disqualified_at ? Json(*standing.disqualified_at) : Json(nullptr);
  return json;
}

Json run_json(const ComparedRun& run) {
  Json json;
  json["dir"] = run.dir;
  json["name"] = run.name;
  json["seed"] = run.seed;
  json["state"] = state_name(run.state);
  json["done"] = run.standings.coverage.done;
  json["expected"] = run.standings.coverage.expected;
  json["unusable_scores"] = run.standings.coverage.unusable;
  json["even_coverage"] = run.standings.even();
  json["metric"] = metric_name(run.standings.metric);
  json["standings"] = Json::array();
  for (const scoring::Standing& standing : run.standings.ranking) {
    json["standings"].push_back(standing_json(run.standings, standing));
  }
  json["difference"] = run.difference ? difference_json(*run.difference) : Json(nullptr);
  return json;
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  Json json;
  json["schema"] = 1;
  json["joust"] = JOUST_VERSION;
  json["all_same"] = comparison.all_same();
  json["runs"] = Json::array();
  for (const ComparedRun& run : comparison.runs) json["runs"].push_back(run_json(run));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace joust::report
