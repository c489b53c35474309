#pragma once
// Shows a run while it goes on: status.json, events.jsonl, and the progress line on standard error.

#include <filesystem>
#include <optional>
#include <string>

#include "common/tournament.hpp"
#include "runner/cli/event_log.hpp"
#include "runner/os/observer.hpp"
#include "runner/report/status_file.hpp"

namespace joust::cli {

struct ShowOptions {
  bool quiet = false;  // no progress
  bool in_process = false;
};

class RunObserver : public os::Observer {
 public:
  // The tournament must outlive it.
  RunObserver(std::filesystem::path run_dir, const Tournament& tournament,
              const ShowOptions& options);

  void worker_started(const journal::WorkerStart& start) override;
  void worker_ready(const core::WorkerId& worker) override;
  void worker_ended(const journal::WorkerEnd& end) override;
  void worker_injured(const core::WorkerId& worker, int signal) override;
  void attempt_failed(const journal::FailedAttempt& attempt) override;
  void retried(const core::WorkerId& worker, TaskIndex task, AttemptNumber attempt) override;
  void quarantined(const journal::QuarantineRow& row) override;
  void disqualified(std::uint32_t competitor, TaskIndex task) override;
  void memory_news(const core::TellMemory& news) override;
  void stopping(core::StopLevel level) override;
  void asked_for_picture(const os::Picture& picture) override;
  void no_stacks(std::string_view why) override;
  Duration tick_period() const override;
  void tick(const os::Picture& picture) override;

  // Writes the final status and wipes the progress line. `state`: "finished" or "interrupted".
  void close(const std::string& state);
  EventLog& events() { return events_; }

 private:
  report::RunStatus status_of(const os::Picture& picture);
  void update_rate(const os::Picture& picture);
  void take_sample(const os::Picture& picture);
  void show_progress();
  void wipe_line();

  std::filesystem::path run_dir_;
  const Tournament& tournament_;
  ShowOptions options_;
  bool terminal_ = false;
  bool colour_ = false;
  EventLog events_;
  Duration status_period_;
  report::RunStatus status_;
  Duration written_at_{-1};  // elapsed time of the last status.json
  Duration sample_at_{0};    // of the next sample for events.jsonl
  Duration shown_at_{0};     // and of the last plain progress line
  std::string shown_line_;
  bool line_open_ = false;  // a progress line stands on the terminal
  double rate_ = 0;         // worlds per second, smoothed
  Duration rate_at_{0};
  std::uint64_t rate_accepted_ = 0;
};

}  // namespace joust::cli
