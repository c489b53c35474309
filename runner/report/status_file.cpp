#include "runner/report/status_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "common/whole_file.hpp"
#include "runner/journal/journal.hpp"
#include "runner/scoring/atomic_file.hpp"

namespace joust::report {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no word for what is not finite.
double finite(double value) { return std::isfinite(value) ? value : 0; }

Json slot_json(const SlotStatus& slot) {
  Json json;
  json["slot"] = slot.slot;
  json["epoch"] = slot.epoch;
  json["state"] = slot.state;
  json["task"] = slot.task ? Json(*slot.task) : Json(nullptr);
  json["seconds"] = finite(slot.seconds);
  json["beat_seconds"] = slot.beat_seconds ? Json(finite(*slot.beat_seconds)) : Json(nullptr);
  json["rss_bytes"] = slot.rss_bytes;
  json["cpu_seconds"] = finite(slot.cpu_seconds);
  return json;
}

Json status_json(const RunStatus& status) {
  const bool eta_known = status.eta_seconds && std::isfinite(*status.eta_seconds);
  Json json;
  json["name"] = status.name;
  json["pid"] = status.pid;
  json["state"] = status.state;
  json["worlds"] = {{"total", status.worlds_total},     {"done", status.worlds_done},
                    {"running", status.worlds_running}, {"pending", status.worlds_pending},
                    {"failed", status.worlds_failed},   {"void", status.worlds_void}};
  json["disqualified"] = status.disqualified;
  json["attempts_failed"] = status.attempts_failed;
  json["worlds_per_second"] = finite(status.worlds_per_second);
  json["eta_seconds"] = eta_known ? Json(*status.eta_seconds) : Json(nullptr);
  json["workers"] = {{"started", status.workers_started}, {"lost", status.workers_lost}};
  json["rss_bytes"] = status.rss_bytes;
  json["elapsed_seconds"] = finite(status.elapsed_seconds);
  json["updated"] = status.updated;
  json["slots"] = Json::array();
  for (const SlotStatus& slot : status.slots) json["slots"].push_back(slot_json(slot));
  return json;
}

SlotStatus slot_from(const Json& json) {
  SlotStatus slot;
  slot.slot = json.at("slot").get<SlotIndex>();
  slot.epoch = json.at("epoch").get<Epoch>();
  slot.state = json.at("state").get<std::string>();
  if (!json.at("task").is_null()) slot.task = json.at("task").get<TaskIndex>();
  slot.seconds = json.at("seconds").get<double>();
  if (!json.at("beat_seconds").is_null()) slot.beat_seconds = json.at("beat_seconds").get<double>();
  slot.rss_bytes = json.at("rss_bytes").get<std::uint64_t>();
  slot.cpu_seconds = json.at("cpu_seconds").get<double>();
  return slot;
}

RunStatus status_from(const Json& json) {
  RunStatus status;
  status.name = json.at("name").get<std::string>();
  status.pid = json.at("pid").get<std::int64_t>();
  status.state = json.at("state").get<std::string>();
  const Json& worlds = json.at("worlds");
  status.worlds_total = worlds.at("total").get<std::uint64_t>();
  status.worlds_done = worlds.at("done").get<std::uint64_t>();
  status.worlds_running = worlds.at("running").get<std::uint64_t>();
  status.worlds_pending = worlds.at("pending").get<std::uint64_t>();
  status.worlds_failed = worlds.at("failed").get<std::uint64_t>();
  status.worlds_void = worlds.at("void").get<std::uint64_t>();
  status.disqualified = json.at("disqualified").get<std::vector<std::string>>();
  status.attempts_failed = json.at("attempts_failed").get<std::uint64_t>();
  status.worlds_per_second = json.at("worlds_per_second").get<double>();
  if (!json.at("eta_seconds").is_null()) status.eta_seconds = json.at("eta_seconds").get<double>();
  status.workers_started = json.at("workers").at("started").get<std::uint64_t>();
  status.workers_lost = json.at("workers").at("lost").get<std::uint64_t>();
  status.rss_bytes = json.at("rss_bytes").get<std::uint64_t>();
  status.elapsed_seconds = json.at("elapsed_seconds").get<double>();
  status.updated = json.at("updated").get<std::int64_t>();
  for (const Json& slot : json.at("slots")) status.slots.push_back(slot_from(slot));
  return status;
}

}  // namespace

void write_status(const std::filesystem::path& run_dir, const RunStatus& status) {
  scoring::AtomicFile file(run_dir / "status.json");
  file.write(status_json(status).dump(1, ' ', false, Json::error_handler_t::replace));
  file.write("\n");
  file.commit(scoring::Sync::none);
}

std::optional<RunStatus> read_status(const std::filesystem::path& run_dir) {
  const std::filesystem::path path = run_dir / "status.json";
  const auto text = read_whole_file(path);
  if (!text) return std::nullopt;
  try {
    return status_from(Json::parse(*text));
  } catch (const nlohmann::json::exception& error) {
    throw journal::JournalError(
        fmt::format("'{}' can not be understood ({}): it was damaged or written by another version "
                    "of joust; 'joust report' reads the journal instead",
                    path.string(), error.what()));
  }
}

}  // namespace joust::report
