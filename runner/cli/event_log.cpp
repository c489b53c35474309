#include "runner/cli/event_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "common/unique_fd.hpp"
#include "runner/os/clock.hpp"

namespace joust::cli {

using Json = nlohmann::ordered_json;

struct EventLog::Impl {
  UniqueFd file;

  void write(const char* event, const Json& fields) const {
    Json line{{"at", os::unix_millis()}, {"event", event}};
    line.update(fields);
    // texts may hold whatever a world printed: what is no UTF-8 is replaced
    std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    if (::write(file.get(), text.data(), text.size()) < 0) return;
  }
};

EventLog::EventLog(const std::filesystem::path& run_dir)
    : impl_(std::make_unique<Impl>(Impl{UniqueFd(::open(
          (run_dir / "events.jsonl").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644))})) {
}
EventLog::~EventLog() = default;

void EventLog::session_started(std::uint64_t number, std::uint32_t workers, std::uint64_t done,
                               std::uint64_t worlds) {
  impl_->write(number == 1 ? "session_started" : "session_resumed", {{"session", number},
                                                                     {"pid", ::getpid()},
                                                                     {"workers", workers},
                                                                     {"worlds_done", done},
                                                                     {"worlds", worlds}});
}

void EventLog::session_ended(std::string_view ending, std::string_view reason) {
  impl_->write("session_ended", {{"ending", ending}, {"reason", reason}});
}

void EventLog::worker_started(const journal::WorkerStart& start) {
  impl_->write("worker_started",
               {{"slot", start.slot}, {"epoch", start.epoch}, {"pid", start.pid}});
}

void EventLog::worker_ready(SlotIndex slot, Epoch epoch) {
  impl_->write("worker_ready", {{"slot", slot}, {"epoch", epoch}});
}

void EventLog::worker_ended(const journal::WorkerEnd& end) {
  Json fields{{"slot", end.slot}, {"epoch", end.epoch}, {"ending", end.ending}};
  if (end.cause) fields["cause"] = cause_name(*end.cause);
  impl_->write(end.lost ? "worker_lost" : "worker_ended", fields);
}

void EventLog::worker_injured(SlotIndex slot, Epoch epoch, int signal) {
  impl_->write("worker_injured", {{"slot", slot}, {"epoch", epoch}, {"signal", signal}});
}

void EventLog::attempt_failed(const journal::FailedAttempt& attempt) {
  impl_->write("attempt_failed",
               {{"task", attempt.task},
                {"attempt", attempt.attempt},
                {"cause", cause_name(attempt.cause)},
                {"detail", attempt.detail},
                {"slot", attempt.slot},
                {"epoch", attempt.epoch},
                {"seconds", std::chrono::duration<double>(attempt.played).count()},
                {"log", attempt.log},
                {"stack", attempt.stack}});
}

void EventLog::retried(SlotIndex slot, Epoch epoch, TaskIndex task, AttemptNumber attempt) {
  impl_->write("retried", {{"task", task}, {"attempt", attempt}, {"slot", slot}, {"epoch", epoch}});
}

void EventLog::quarantined(const journal::QuarantineRow& row) {
  impl_->write("quarantined", {{"task", row.task}, {"cause", cause_name(row.cause)}});
}

void EventLog::disqualified(std::string_view competitor, TaskIndex task, std::uint32_t strikes) {
  impl_->write("disqualified", {{"competitor", competitor}, {"task", task}, {"strikes", strikes}});
}

void EventLog::memory(std::uint32_t running, std::uint32_t slots, std::uint64_t expected,
                      std::int64_t room) {
  impl_->write("memory", {{"running", running},
                          {"workers", slots},
                          {"expected_bytes", expected},
                          {"room_bytes", room}});
}

void EventLog::stopping(std::string_view how) { impl_->write("stopping", {{"how", how}}); }

void EventLog::sample(const Sample& sample) {
  impl_->write("sample", {{"done", sample.done},
                          {"failed", sample.failed},
                          {"running", sample.running},
                          {"rss_bytes", sample.rss_bytes},
                          {"available_bytes", sample.available_bytes},
                          {"load", sample.load}});
}

}  // namespace joust::cli
