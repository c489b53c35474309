#include "runner/report/summary_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "runner/report/human.hpp"

namespace joust::report {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json standing_json(const scoring::Standing& standing) {
  const scoring::Summary& summary = standing.summary;
  Json json;
  json["rank"] = standing.rank == 0 ? Json(nullptr) : Json(standing.rank);
  json["tied"] = standing.tied;
  json["competitor"] = standing.name;
  json["score"] = number_or_null(standing.value);
  json["worlds_done"] = standing.worlds_done;
  json["worlds_expected"] = standing.worlds_expected;
  json["unusable_scores"] = standing.unusable;
  json["count"] = summary.count;
  json["mean"] = number_or_null(summary.mean);
  json["std"] = number_or_null(summary.std);
  json["min"] = number_or_null(summary.min);
  json["25%"] = number_or_null(summary.q1);
  json["median"] = number_or_null(summary.median);
  json["75%"] = number_or_null(summary.q3);
  json["max"] = number_or_null(summary.max);
  return json;
}

Json failures_json(const Report& report) {
  Json json = Json::object();
  for (const CauseSummary& row : report.failures) {
    Json& cause = json[std::string(cause_name(row.cause))];
    cause["attempts"] = row.attempts;
    cause["worlds"] = row.worlds;
    cause["recovered"] = row.recovered;
    cause["quarantined"] = row.quarantined;
    cause["open"] = row.open;
  }
  return json;
}

Json workers_json(const WorkerSummary& workers) {
  Json json;
  json["started"] = workers.started;
  json["lost"] = workers.lost;
  json["injured"] = workers.injured;
  json["lost_by_ending"] = Json::object();
  for (const auto& [ending, count] : workers.lost_by_ending) json["lost_by_ending"][ending] = count;
  return json;
}

Json paths_json(const Report& report) {
  const std::filesystem::path dir(report.dir);
  Json json;
  json["run"] = report.dir;
  json["tables"] = report.tables_written ? Json(report.tables.string()) : Json(nullptr);
  json["attempts"] = (dir / "attempts").string();
  json["journal"] = (dir / "run.db").string();
  return json;
}

}  // namespace

std::string summary_json(const Report& report) {
  const scoring::Coverage& coverage = report.standings.coverage;
  Json json;
  json["name"] = report.name;
  json["world"] = report.world;
  json["seed"] = report.seed;
  json["state"] = state_name(report.state);
  json["complete"] = coverage.complete();
  json["ending"] = report.sessions.empty() ? "" : report.sessions.back().ending;
  json["resume"] = report.state == RunState::interrupted
                       ? Json(resume_command(report.program, report.dir))
                       : Json(nullptr);
  json["expected"] = coverage.expected;
  json["done"] = coverage.done;
  json["missing"] = coverage.missing();
  json["quarantined"] = coverage.quarantined;
  json["unplayed"] = coverage.unplayed();
  json["unusable_scores"] = coverage.unusable;
  json["even_coverage"] = report.standings.even();
  json["sessions"] = report.sessions.size();
  json["containment"] = report.sessions.empty() ? "" : report.sessions.back().containment;
  json["metric"] = metric_name(report.standings.metric);
  // nobody has won while worlds can still be played
  json["winners"] = Json::array();
  json["leaders"] = Json::array();
  for (const scoring::Standing* leader : report.standings.winners()) {
    json["leaders"].push_back(leader->name);
  }
  if (report.state == RunState::finished) json["winners"] = json["leaders"];
  json["standings"] = Json::array();
  for (const scoring::Standing& standing : report.standings.ranking) {
    json["standings"].push_back(standing_json(standing));
  }
  json["failed_attempts"] = report.failed_attempts;
  json["failures"] = failures_json(report);
  json["workers"] = workers_json(report.workers);
  json["paths"] = paths_json(report);
  // a path or a name that is no UTF-8 would make dump() throw
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace joust::report
