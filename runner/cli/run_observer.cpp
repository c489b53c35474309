#include "runner/cli/run_observer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "runner/cli/terminal.hpp"
#include "runner/machine/file_system.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/process_state.hpp"
#include "runner/report/human.hpp"
#include "runner/report/printable.hpp"
#include "runner/report/slot_table.hpp"
#include "runner/report/status_text.hpp"

namespace joust::cli {
namespace {

constexpr Duration kRedraw = std::chrono::milliseconds(200);
constexpr Duration kStatusPeriod = std::chrono::seconds(1);
// On a network file system, which thousands of shards may share: a status is four operations there.
// Less than what counts as a sign that the supervisor is stuck.
constexpr Duration kNetworkStatusPeriod = std::chrono::seconds(5);
constexpr Duration kPlainPeriod = std::chrono::seconds(10);
constexpr double kRateMemorySeconds = 5;

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

RunObserver::RunObserver(std::filesystem::path run_dir, const Tournament& tournament,
                         const ShowOptions& options)
    : run_dir_(std::move(run_dir)),
      tournament_(tournament),
      options_(options),
      terminal_(is_terminal(STDERR_FILENO)),
      colour_(wants_colour(STDERR_FILENO)),
      events_(run_dir_),
      status_period_(machine::network_file_system(run_dir_).empty() ? kStatusPeriod
                                                                    : kNetworkStatusPeriod) {
  status_.name = tournament.name;
  status_.pid = ::getpid();
}

void RunObserver::worker_started(const journal::WorkerStart& start) {
  events_.worker_started(start);
}
void RunObserver::worker_ready(const core::WorkerId& worker) {
  events_.worker_ready(worker.slot, worker.epoch);
}
void RunObserver::worker_injured(const core::WorkerId& worker, int signal) {
  events_.worker_injured(worker.slot, worker.epoch, signal);
}
void RunObserver::worker_ended(const journal::WorkerEnd& end) { events_.worker_ended(end); }
void RunObserver::attempt_failed(const journal::FailedAttempt& attempt) {
  events_.attempt_failed(attempt);
}
void RunObserver::retried(const core::WorkerId& worker, TaskIndex task, AttemptNumber attempt) {
  events_.retried(worker.slot, worker.epoch, task, attempt);
}
void RunObserver::quarantined(const journal::QuarantineRow& row) { events_.quarantined(row); }

void RunObserver::disqualified(std::uint32_t competitor, TaskIndex task) {
  const std::string& name = tournament_.setup.competitors[competitor].name;
  events_.disqualified(name, task, tournament_.disqualify_after);
  if (options_.quiet) return;
  wipe_line();
  fmt::print(
      stderr,
      "joust: {} is disqualified: {} {} lost to it (the last is {}); what is left of its worlds is "
      "not played\n",
      report::printable(name), report::counted(tournament_.disqualify_after, "world"),
      tournament_.disqualify_after == 1 ? "was" : "were", task);
}

void RunObserver::memory_news(const core::TellMemory& news) {
  events_.memory(news.running, news.slots, news.expected, news.room);
  if (options_.quiet) return;
  wipe_line();
  if (news.running == news.slots) {
    fmt::print(stderr, "joust: there is memory for all {} workers now\n", news.slots);
    return;
  }
  fmt::print(
      stderr,
      "joust: memory allows {} of {} workers now: each is expected to take {}, and {} can be "
      "had\n",
      news.running, news.slots, report::human_bytes(news.expected),
      report::human_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(0, news.room))));
}

void RunObserver::stopping(core::StopLevel level) {
  const bool drain = level == core::StopLevel::drain;
  events_.stopping(drain ? "drain" : "now");
  wipe_line();
  std::fputs(drain ? "joust: stopping; the worlds that are being played may finish "
                     "(once more: stop them now)\n"
                   : "joust: stopping now (once more: leave at once)\n",
             stderr);
}

void RunObserver::asked_for_picture(const os::Picture& picture) {
  wipe_line();
  const report::RunStatus status = status_of(picture);
  const std::size_t width = terminal_size(STDERR_FILENO).columns;
  const std::string text = report::render_progress_line(status, width, colour_) + "\n" +
                           report::render_slots(status.slots, {.width = width}, colour_);
  std::fputs(text.c_str(), stderr);
}

void RunObserver::no_stacks(std::string_view why) {
  fmt::print(stderr, "joust: no stacks: {}\n", why);
}

Duration RunObserver::tick_period() const {
  return terminal_ && !options_.quiet ? kRedraw : status_period_;
}

void RunObserver::tick(const os::Picture& picture) {
  update_rate(picture);
  status_ = status_of(picture);
  if (written_at_ < Duration::zero() || picture.elapsed - written_at_ >= status_period_) {
    written_at_ = picture.elapsed;
    try {
      report::write_status(run_dir_, status_);
    } catch (const journal::JournalError&) {  // only a view: a full disk is the journal's to report
    }
  }
  take_sample(picture);
  show_progress();
}

// A sample a second for ten minutes, then ever fewer, so that a run of days has some thousands.
void RunObserver::take_sample(const os::Picture& picture) {
  constexpr int kSamplesPerLifetime = 600;
  if (picture.elapsed < sample_at_) return;
  sample_at_ = picture.elapsed + std::max(status_period_, picture.elapsed / kSamplesPerLifetime);
  const os::MachineLook machine = os::look_at_machine();
  events_.sample({.done = status_.worlds_done,
                  .failed = status_.worlds_failed,
                  .running = status_.worlds_running,
                  .rss_bytes = status_.rss_bytes,
                  .available_bytes = machine.available,
                  .load = machine.load});
}

void RunObserver::update_rate(const os::Picture& picture) {
  const double passed = in_seconds(picture.elapsed - rate_at_);
  if (passed < 0.1) return;
  const double now = static_cast<double>(picture.counts.accepted - rate_accepted_) / passed;
  const double keep = rate_at_ == Duration::zero() ? 0 : std::exp(-passed / kRateMemorySeconds);
  rate_ = keep * rate_ + (1 - keep) * now;
  rate_at_ = picture.elapsed;
  rate_accepted_ = picture.counts.accepted;
}

report::RunStatus RunObserver::status_of(const os::Picture& picture) {
  const core::PoolCounts& counts = picture.counts;
  report::RunStatus status;
  status.name = status_.name;
  status.pid = status_.pid;
  status.state = picture.state;
  status.worlds_total = counts.tasks;
  status.worlds_done = counts.done;
  status.worlds_running = counts.running;
  status.worlds_failed = counts.quarantined;
  status.worlds_void = counts.voided;
  for (const std::uint32_t competitor : picture.out) {
    status.disqualified.push_back(tournament_.setup.competitors[competitor].name);
  }
  const std::uint64_t left = counts.tasks - counts.done - counts.quarantined - counts.voided;
  status.worlds_pending = left - std::min(left, counts.running);
  status.attempts_failed = counts.failed_attempts;
  status.worlds_per_second = rate_;
  if (rate_ > 0) status.eta_seconds = static_cast<double>(left) / rate_;
  status.workers_started = counts.workers_started;
  status.workers_lost = counts.workers_lost;
  status.rss_bytes = os::look_at(::getpid()).rss;
  status.elapsed_seconds = in_seconds(picture.elapsed);
  status.updated = os::unix_millis();
  for (const os::SlotPicture& slot : picture.slots) {
    status.rss_bytes += slot.rss;
    report::SlotStatus shown{.slot = slot.slot,
                             .epoch = slot.epoch,
                             .state = slot.state,
                             .task = slot.task,
                             .seconds = in_seconds(slot.since),
                             .beat_seconds = {},
                             .rss_bytes = slot.rss,
                             .cpu_seconds = in_seconds(slot.cpu)};
    if (slot.beat_age) shown.beat_seconds = in_seconds(*slot.beat_age);
    status.slots.push_back(std::move(shown));
  }
  return status;
}

void RunObserver::show_progress() {
  if (options_.quiet) return;
  if (terminal_) {
    const std::size_t width = terminal_size(STDERR_FILENO).columns - 1;
    shown_line_ = report::render_progress_line(status_, width, colour_);
    fmt::print(stderr, "\r{}\033[K", shown_line_);
    std::fflush(stderr);
    line_open_ = true;
    return;
  }
  const Duration elapsed(static_cast<std::int64_t>(status_.elapsed_seconds * 1e9));
  if (elapsed - shown_at_ < kPlainPeriod) return;
  shown_at_ = elapsed;
  fmt::print(stderr, "{}\n", report::render_progress_plain(status_));
}

void RunObserver::wipe_line() {
  if (!line_open_) return;
  std::fputs("\r\033[K", stderr);
  line_open_ = false;
}

void RunObserver::close(const std::string& state) {
  wipe_line();
  status_.state = state;
  status_.eta_seconds.reset();
  // of the whole session, as the report has it
  if (status_.elapsed_seconds > 0) {
    status_.worlds_per_second = static_cast<double>(rate_accepted_) / status_.elapsed_seconds;
  }
  status_.updated = os::unix_millis();
  for (report::SlotStatus& slot : status_.slots) {
    report::SlotStatus ended;
    ended.slot = slot.slot;
    ended.epoch = slot.epoch;
    ended.state = "ended";
    slot = ended;
  }
  try {
    report::write_status(run_dir_, status_);
  } catch (const journal::JournalError&) {  // as in tick()
  }
}

}  // namespace joust::cli
