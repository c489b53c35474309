// events.jsonl: what is written is what its document says, and a tail of it can be shown.

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "runner/cli/event_log.hpp"
#include "runner/report/event_tail.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust::test {
namespace {

using Json = nlohmann::json;
using Keys = std::set<std::string>;

void write_every_event(const std::filesystem::path& dir) {
  cli::EventLog log(dir);
  log.session_started(1, 2, 0, 10);
  log.session_started(2, 2, 5, 10);
  log.session_ended("finished", "");
  log.worker_started({.slot = 0, .epoch = 1, .pid = 77, .at = 0});
  log.worker_ready(0, 1);
  journal::WorkerEnd end;
  end.ending = "exit code 0";
  log.worker_ended(end);
  end.lost = true;
  end.ending = "signal 9 (SIGKILL)";
  end.cause = Cause::crashed;
  log.worker_ended(end);
  log.worker_injured(0, 1, 9);
  journal::FailedAttempt failed;
  failed.detail = "bad \x1b[31m \xff text";
  log.memory(3, 8, 250, -1);
  log.attempt_failed(failed);
  log.retried(0, 1, 3, 2);
  log.quarantined({.task = 3, .cause = Cause::stalled});
  log.disqualified("Ann", 3, 2);
  log.stopping("drain");
  log.sample(
      {.done = 1, .failed = 0, .running = 2, .rss_bytes = 3, .available_bytes = 4, .load = 5});
}

std::map<std::string, Keys> written(const std::filesystem::path& dir) {
  std::map<std::string, Keys> events;
  std::ifstream file(dir / "events.jsonl");
  for (std::string line; std::getline(file, line);) {
    const Json event = Json::parse(line);
    Keys& keys = events[event.at("event")];
    for (const auto& [key, value] : event.items()) {
      if (key != "at" && key != "event") keys.insert(key);
    }
  }
  return events;
}

// The rows of the document's table: event -> keys.
std::map<std::string, Keys> documented() {
  std::map<std::string, Keys> events;
  std::ifstream file(JOUST_SOURCE_DIR "/runner/cli/EVENTS.md");
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream cut(line);
    for (std::string cell; std::getline(cut, cell, '|');) cells.push_back(cell);
    if (cells.size() < 4 || cells[1] == "---" || cells[1] == " event ") continue;
    std::istringstream name(cells[1]);
    std::string event;
    name >> event;
    std::istringstream keys(cells[3]);
    for (std::string key; keys >> key;) {
      if (key.back() == ',') key.pop_back();
      events[event].insert(key);
    }
  }
  return events;
}

TEST_CASE("every event has the keys that the document gives it, and there is no other event") {
  const ScratchFolder folder;
  write_every_event(folder.path());
  const auto found = written(folder.path());
  CHECK(found.size() == 15);
  CHECK(found == documented());
}

TEST_CASE("the tail of the events is printable, and leaves the samples out") {
  const ScratchFolder folder;
  write_every_event(folder.path());
  const report::EventTail tail = report::read_event_tail(folder.path(), 5, 10);
  REQUIRE(tail.events.size() == 5);
  CHECK(tail.events[0].find("attempt_failed") != std::string::npos);
  CHECK(tail.events[0].find('\x1b') == std::string::npos);
  CHECK(tail.events[4].find("stopping") != std::string::npos);
  CHECK(tail.events[4].find("how drain") != std::string::npos);
}

TEST_CASE("rates are of the newest session's samples, and half a line changes nothing") {
  const ScratchFolder folder;
  write_text(folder.path() / "events.jsonl",
             "{\"at\": 500, \"event\": \"sample\", \"done\": 900}\n"
             "{\"at\": 1000, \"event\": \"session_resumed\"}\n"
             "{\"at\": 1000, \"event\": \"sample\", \"done\": 10}\n"
             "{\"at\": 2000, \"event\": \"sample\", \"done\": 30}\n"
             "no JSON at all\n"
             "{\"at\": 4000, \"event\": \"sample\", \"done\": 40}\n"
             "{\"at\": 5000, \"event\": \"sam");
  const report::EventTail tail = report::read_event_tail(folder.path(), 4, 10);
  CHECK(tail.rates == std::vector<double>{20, 5});
  CHECK(tail.events.size() == 1);
  CHECK(report::sparkline({0, 5, 20}) == " ▂█");
  CHECK(report::sparkline({}).empty());
}

TEST_CASE("a run without events has an empty tail") {
  const ScratchFolder folder;
  const report::EventTail tail = report::read_event_tail(folder.path(), 4, 10);
  CHECK(tail.events.empty());
  CHECK(tail.rates.empty());
}

}  // namespace
}  // namespace joust::test
