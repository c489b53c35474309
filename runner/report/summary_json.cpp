#include "runner/report/summary_json.hpp"

#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "runner/report/human.hpp"

namespace joust::report {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json interval_json(const scoring::Interval& interval) {
  return Json::array({number_or_null(interval.low), number_or_null(interval.high)});
}

Json rank_json(std::uint32_t rank) { return rank == 0 ? Json(nullptr) : Json(rank); }

// What the statistics say of one place; nulls where nothing could be drawn.
void add_inference(Json& json, const scoring::CompetitorInference* sure) {
  json["interval"] = sure == nullptr ? Json(nullptr) : interval_json(sure->interval);
  json["rank_probability"] = sure == nullptr ? Json(nullptr) : Json(sure->rank_probability);
  json["tied_with_winner"] = sure == nullptr ? Json(nullptr) : Json(sure->tied_with_winner);
}

Json standing_json(const Report& report, const scoring::Standing& standing) {
  const scoring::Summary& summary = standing.summary;
  Json json;
  json["rank"] = rank_json(standing.rank);
  json["tied"] = standing.tied;
  json["competitor"] = standing.name;
  json["score"] = number_or_null(standing.value);
  json["worlds_done"] = standing.worlds_done;
  json["worlds_expected"] = standing.worlds_expected;
  json["unusable_scores"] = standing.unusable;
  json["forfeits"] = standing.forfeits;
  json["disqualified_at"] =
      standing.disqualified_at ? Json(*standing.disqualified_at) : Json(nullptr);
  json["count"] = summary.count;
  json["mean"] = number_or_null(summary.mean);
  json["std"] = number_or_null(summary.std);
  json["min"] = number_or_null(summary.min);
  json["25%"] = number_or_null(summary.q1);
  json["median"] = number_or_null(summary.median);
  json["75%"] = number_or_null(summary.q3);
  json["max"] = number_or_null(summary.max);
  add_inference(json, inference_of(report.standings, standing.competitor));
  const bool known = standing.competitor < report.by_competitor.size();
  const CompetitorFailures failures =
      known ? report.by_competitor[standing.competitor] : CompetitorFailures{};
  json["failures_charged"] = failures.charged;
  json["failures_sat_in"] = failures.sat_in;
  json["quarantined_sat_in"] = failures.quarantined;
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
    cause["void"] = row.voided;
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

Json shape_json(const Report& report) {
  const PlanShape& shape = report.shape;
  Json json;
  json["competitors"] = shape.competitors;
  json["per_world"] = shape.per_world;
  json["configs"] = shape.configs;
  json["runs"] = shape.runs;
  json["shard"] = shape.shard.is_whole() ? Json(nullptr) : Json(shard_text(shape.shard));
  json["workers"] = report.pool_size ? Json(*report.pool_size) : Json(nullptr);
  return json;
}

Json session_json(const SessionSummary& session) {
  Json json;
  json["number"] = session.number;
  json["started"] = session.started;
  json["ended"] = session.ended ? Json(*session.ended) : Json(nullptr);
  json["seen_at"] = session.seen_at;
  json["ending"] = session.ending;
  json["workers"] = session.workers;
  json["containment"] = session.containment;
  json["seconds"] = session.seconds();
  json["worlds"] = session.worlds;
  const auto rate = session.worlds_per_second();
  json["worlds_per_second"] = rate ? Json(*rate) : Json(nullptr);
  return json;
}

Json inference_json(const Report& report) {
  const scoring::Inference& inference = report.standings.inference;
  if (inference.draws == 0) return nullptr;
  std::map<std::uint32_t, std::string> names;
  for (const auto& standing : report.standings.ranking) names[standing.competitor] = standing.name;
  Json json;
  json["blocks"] = inference.blocks;
  json["draws"] = inference.draws;
  json["few_blocks"] = inference.few_blocks;
  json["pairs"] = Json::array();
  for (const scoring::PairInference& pair : inference.pairs) {
    Json each;
    each["a"] = names[pair.a];
    each["b"] = names[pair.b];
    each["worlds"] = pair.worlds;
    each["difference"] = number_or_null(pair.difference);
    each["interval"] = interval_json(pair.interval);
    each["p"] = number_or_null(pair.p);
    each["p_holm"] = number_or_null(pair.p_holm);
    each["a_beats_b"] = number_or_null(pair.a_beats_b);
    json["pairs"].push_back(std::move(each));
  }
  return json;
}

Json sensitivity_json(const Report& report) {
  if (!report.sensitivity) return nullptr;
  Json json;
  json["same_winners"] = same_winners(*report.sensitivity);
  json["unblamed"] = report.sensitivity->unblamed;
  json["cases"] = Json::array();
  for (const SensitivityCase& one : report.sensitivity->cases) {
    Json each;
    each["assumption"] = one.assumption;
    each["ranking"] = Json::array();
    for (const SensitivityCase::Place& place : one.ranking) {
      each["ranking"].push_back({{"rank", rank_json(place.rank)},
                                 {"competitor", place.name},
                                 {"score", number_or_null(place.value)}});
    }
    json["cases"].push_back(std::move(each));
  }
  return json;
}

std::string_view fate_name(Fate fate) {
  constexpr std::array<std::string_view, 4> kNames = {"quarantined", "open", "recovered", "void"};
  return kNames[static_cast<std::size_t>(fate)];
}

Json world_json(const Report& report, const TroubledWorld& world) {
  const auto path = [&](const std::string& relative) {
    const std::filesystem::path file = inside(report.dir, relative);
    return file.empty() ? Json(nullptr) : Json(file.string());
  };
  Json json;
  json["task"] = world.task;
  json["run_id"] = world.run_id;
  json["seated"] = world.seated;
  json["fate"] = fate_name(world.fate);
  json["failed_attempts"] = world.failed_attempts;
  json["attempt"] = world.attempt;
  json["cause"] = cause_name(world.cause);
  json["detail"] = world.detail;
  json["culprit"] = world.culprit ? Json(*world.culprit) : Json(nullptr);
  json["last_words"] = world.last_words;
  json["frames"] = world.frames;
  json["log"] = path(world.log);
  json["stack"] = path(world.stack);
  json["replay"] = replay_command(report.program, report.dir, world.task, world.attempt);
  return json;
}

Json cost_json(const Cost& cost) {
  Json json;
  json["counted_seconds"] = cost.counted_seconds;
  json["failed_seconds"] = cost.failed_seconds;
  json["workers_lost"] = cost.lost;
  json["workers_replaced"] = cost.replaced;
  json["median_recovery_seconds"] = number_or_null(cost.median_recovery);
  json["longest_recovery_seconds"] = number_or_null(cost.longest_recovery);
  return json;
}

void add_details(Json& json, const Report& report) {
  json["partial"] = report.state != RunState::finished;
  json["shape"] = shape_json(report);
  json["session_list"] = Json::array();
  for (const SessionSummary& session : report.sessions) {
    json["session_list"].push_back(session_json(session));
  }
  json["inference"] = inference_json(report);
  json["sensitivity"] = sensitivity_json(report);
  json["worst_worlds"] = Json::array();
  for (const TroubledWorld& world : report.worst) {
    json["worst_worlds"].push_back(world_json(report, world));
  }
  json["forfeit_list"] = Json::array();
  for (const Forfeit& forfeit : report.forfeits) {
    json["forfeit_list"].push_back({{"run_id", forfeit.run_id},
                                    {"competitor", forfeit.competitor},
                                    {"reason", forfeit.reason}});
  }
  json["cost"] = cost_json(report.cost);
  json["damage"] = report.damage;
}

Json paths_json(const Report& report) {
  const std::filesystem::path dir(report.dir);
  Json json;
  json["run"] = report.dir;
  json["tables"] = report.tables_written ? Json(report.tables.string()) : Json(nullptr);
  json["page"] = report.page.empty() ? Json(nullptr) : Json(report.page.string());
  json["attempts"] = (dir / "attempts").string();
  json["journal"] = (dir / "run.db").string();
  return json;
}

}  // namespace

std::string summary_json(const Report& report) {
  const scoring::Coverage& coverage = report.standings.coverage;
  Json json;
  json["schema"] = kSummarySchema;
  json["joust"] = JOUST_VERSION;
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
  json["void"] = coverage.voided;
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
    json["standings"].push_back(standing_json(report, standing));
  }
  json["failed_attempts"] = report.failed_attempts;
  json["failures"] = failures_json(report);
  json["workers"] = workers_json(report.workers);
  json["paths"] = paths_json(report);
  add_details(json, report);
  // a path or a name that is no UTF-8 would make dump() throw
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace joust::report
