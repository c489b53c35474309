#include <cmath>
#include <nlohmann/json.hpp>

#include "common/csv.hpp"
#include "runner/report/printable.hpp"
#include "runner/report/world_report.hpp"

namespace joust::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kWorldSchema = 1;

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json count_json(double value) {
  if (is_whole(value)) return static_cast<std::int64_t>(value);
  return number_or_null(value);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(printable(text));
}

Json counters_json(const std::vector<Counter>& counters) {
  Json json = Json::object();
  for (const Counter& counter : counters) {
    json[printable(counter.name)] = count_json(counter.value);
  }
  return json;
}

Json seat_json(const WorldSeat& seat) {
  Json json = {{"competitor", printable(seat.competitor)}, {"type", printable(seat.type)}};
  const SeatResult none = {.agent_name = "", .score = std::nan("")};
  const SeatResult& result = seat.result ? *seat.result : none;
  json["agent"] = text_or_null(result.agent_name);
  json["score"] = number_or_null(result.score);
  json["forfeit"] = text_or_null(result.forfeit);
  json["counters"] = counters_json(result.counters);
  return json;
}

Json failure_json(const journal::FailedAttempt& failure, const std::string& culprit) {
  return {{"attempt", failure.attempt},
          {"cause", cause_name(failure.cause)},
          {"detail", printable(failure.detail)},
          {"charged", failure.charged},
          {"culprit", text_or_null(culprit)},
          {"seconds", std::chrono::duration<double>(failure.played).count()},
          {"log", text_or_null(failure.log)},
          {"stack", text_or_null(failure.stack)}};
}

Json cell_json(const SummaryTable::Cell& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return nullptr;
  if (const auto* text = std::get_if<std::string>(&cell)) return printable(*text);
  if (const auto* real = std::get_if<double>(&cell)) return number_or_null(*real);
  if (const auto* truth = std::get_if<bool>(&cell)) return *truth;
  return std::get<std::int64_t>(cell);
}

Json table_json(const SummaryTable& table) {
  Json rows = Json::array();
  for (const auto& cells : table.rows) {
    Json row = Json::object();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      row[printable(table.columns[i])] = cell_json(cells[i]);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Json course_json(const WorldCourse& course) {
  Json json = {{"same_result", course.difference.empty()},
               {"difference", text_or_null(course.difference)},
               {"tables", Json::object()}};
  for (const SummaryTable& table : course.tables) {
    json["tables"][printable(table.title)] = table_json(table);
  }
  return json;
}

}  // namespace

std::string world_json(const WorldReport& world) {
  Json json = {{"schema", kWorldSchema},
               {"joust", JOUST_VERSION},
               {"name", printable(world.tournament)},
               {"world", printable(world.world)},
               {"task", world.task},
               {"run_id", world.run_id},
               {"seed", world.seed},
               {"config_seed", world.config_seed},
               {"config", world.config},
               {"set", world.set},
               {"rotation", world.rotation},
               {"run", world.run},
               {"state", state_name(world.state)},
               {"void_for", text_or_null(world.void_for)},
               {"attempt", world.attempt == 0 ? Json(nullptr) : Json(world.attempt)},
               {"seats", Json::array()},
               {"failed_attempts", Json::array()},
               {"counters", counters_json(world.counters)}};
  for (const WorldSeat& seat : world.seats) json["seats"].push_back(seat_json(seat));
  for (std::size_t i = 0; i < world.failures.size(); ++i) {
    json["failed_attempts"].push_back(failure_json(world.failures[i], world.culprits[i]));
  }
  json["course"] = world.course ? course_json(*world.course) : Json(nullptr);
  json["no_course"] = text_or_null(world.no_course);
  json["replay"] = world.replay;
  return json.dump(2) + "\n";
}

}  // namespace joust::report
