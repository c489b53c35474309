#include "runner/os/in_process.hpp"

#include <signal.h>
#include <unistd.h>

#include <ctime>
#include <functional>
#include <initializer_list>
#include <map>
#include <thread>

#include "common/result_codec.hpp"
#include "common/task_decoder.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/console_context.hpp"
#include "runner/os/process_state.hpp"

namespace joust::os {
namespace {

constexpr Duration kBetweenLooks = std::chrono::milliseconds(100);

// One of the signals that waits to be noticed, or 0.
int pending_signal(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) ::sigaddset(&set, signal);
  const timespec at_once{};
  return std::max(0, ::sigtimedwait(&set, nullptr, &at_once));
}

// Looks up now and then while the world plays: when it reports progress.
class WatchingContext : public ConsoleContext {
 public:
  WatchingContext(AttemptNumber attempt, std::function<void()> look)
      : ConsoleContext(attempt), look_(std::move(look)), next_(now() + kBetweenLooks) {}
  void progress(std::uint64_t, std::uint64_t) override {
    const TimePoint time = now();
    if (time < next_) return;
    next_ = time + kBetweenLooks;
    look_();
  }

 private:
  std::function<void()> look_;
  TimePoint next_;
};

class InProcessRun {
 public:
  InProcessRun(InProcessSetup setup, World& world, Recorder& recorder, Observer& observer)
      : decoder_(setup.shape),
        ledger_({decoder_.plan().worlds_here(), setup.pool.attempts, Duration::zero()},
                std::move(setup.history)),
        world_(world),
        recorder_(recorder),
        observer_(observer),
        told_out_(ledger_.out()),
        started_(now()) {}

  InProcessEnd play() {
    while (const auto pick = next()) {
      if (const int signal = pending_signal({SIGINT, SIGTERM, SIGHUP})) {
        ledger_.give_back(*pick);
        observer_.stopping(core::StopLevel::drain);
        submit();
        return {{core::Outcome::interrupted, "asked to stop"}, signal};
      }
      play_one(*pick);
      submit();
      if (const auto error = recorder_.status().error) {
        return {{core::Outcome::journal_error, error->what()}, 0};
      }
      tell_observer();
    }
    observer_.tick(picture());
    return {{core::Outcome::finished, {}}, 0};
  }

 private:
  std::optional<core::Pick> next() {
    const auto pick = ledger_.next(now(), true);
    return pick ? pick : ledger_.next_solo(now());
  }

  void play_one(const core::Pick& pick) {
    const WorldTask task = decoder_.decode(pick.task);
    WatchingContext context(pick.attempt, [this] { answer(); });
    const TimePoint start = now();
    playing_ = {pick.task, start};
    answer();
    try {
      const WorldResult result = world_.play(task, context);
      require_all_scores(task, result);
      encoded_.clear();
      encode_result(result, encoded_);
      ledger_.finish(pick.task);
      ++accepted_;
      for (std::uint32_t seat = 0; seat < result.seats.size(); ++seat) {
        if (!result.seats[seat].forfeit.empty()) strike(pick.task, seat);
      }
      batch_.add(
          journal::ResultRow{pick.task, pick.attempt, now() - start, encoded_, 0, unix_millis()});
    } catch (const WorldFailure& failure) {
      fail(pick, failure.cause, failure.what(), now() - start);
    } catch (const CompetitorFault& fault) {
      const bool is_seat = fault.seat < task.seats.size();
      fail(pick, Cause::world_error, fault.what(), now() - start,
           is_seat ? std::optional(fault.seat) : std::nullopt);
    } catch (const std::bad_alloc&) {
      fail(pick, Cause::out_of_memory, "the world could get no more memory (std::bad_alloc)",
           now() - start);
    } catch (const std::exception& error) {
      fail(pick, Cause::world_error, error.what(), now() - start);
    }
  }

  void strike(TaskIndex task, std::uint32_t seat) {
    if (!ledger_.strike(task, seat)) return;
    for (const auto& [competitor, last] : ledger_.out()) {
      if (told_out_.emplace(competitor, last).second) observer_.disqualified(competitor, last);
    }
  }

  // SIGUSR1 asks for a picture.
  void answer() {
    if (pending_signal({SIGUSR1}) == 0) return;
    Picture shown = picture();
    shown.counts.running = 1;
    SlotPicture here;
    here.state = "busy";
    here.task = playing_.task;
    here.since = now() - playing_.since;
    here.cpu = look_at(::getpid()).cpu;
    shown.slots.push_back(std::move(here));
    observer_.asked_for_picture(shown);
    observer_.no_stacks("worlds are played in joust itself; a debugger shows where it is");
  }

  // `culprit`: a seat.
  void fail(const core::Pick& pick, Cause cause, const char* what, Duration played,
            std::optional<std::uint32_t> culprit = std::nullopt) {
    journal::FailedAttempt row;
    row.task = pick.task;
    row.attempt = pick.attempt;
    row.cause = cause;
    row.detail = what;
    row.played = played;
    row.at = unix_millis();
    if (culprit) row.culprit = decoder_.decode(pick.task).seats[*culprit];
    observer_.attempt_failed(row);
    batch_.add(std::move(row));
    ++failed_attempts_;
    if (!ledger_.fail({pick.task, pick.attempt, culprit, cause == Cause::out_of_memory}, now())) {
      return;
    }
    const journal::QuarantineRow given_up{pick.task, cause};
    observer_.quarantined(given_up);
    batch_.add(given_up);
    if (const auto seat = ledger_.take_culprit(pick.task)) strike(pick.task, *seat);
  }

  void submit() {
    while (!batch_.empty() && !recorder_.try_submit(batch_) && !recorder_.status().error) {
      std::this_thread::yield();
    }
  }

  void tell_observer() {
    const TimePoint time = now();
    if (time < next_tick_) return;
    next_tick_ = time + observer_.tick_period();
    observer_.tick(picture());
  }

  Picture picture() const {
    Picture picture;
    picture.counts.tasks = ledger_.tasks();
    picture.counts.done = ledger_.done();
    picture.counts.quarantined = ledger_.quarantined();
    picture.counts.voided = ledger_.voided();
    picture.counts.accepted = accepted_;
    for (const auto& [competitor, last] : ledger_.out()) picture.out.push_back(competitor);
    picture.counts.failed_attempts = failed_attempts_;
    picture.elapsed = now() - started_;
    picture.state = "running";
    return picture;
  }

  TaskDecoder decoder_;
  core::Ledger ledger_;
  World& world_;
  Recorder& recorder_;
  Observer& observer_;
  journal::Batch batch_;
  std::string encoded_;
  std::map<std::uint32_t, TaskIndex> told_out_;  // who is disqualified
  struct {
    TaskIndex task = 0;
    TimePoint since{};
  } playing_;
  TimePoint started_;
  TimePoint next_tick_{};
  std::uint64_t accepted_ = 0;
  std::uint64_t failed_attempts_ = 0;
};

}  // namespace

InProcessEnd play_in_process(InProcessSetup setup, World& world, Recorder& recorder,
                             Observer& observer) {
  return InProcessRun(std::move(setup), world, recorder, observer).play();
}

}  // namespace joust::os
