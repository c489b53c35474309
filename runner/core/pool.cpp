// How workers come and go, and what happens to their leases.

#include "runner/core/pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace joust::core {
namespace {

constexpr unsigned kMostLaunchFailures = 5;
constexpr Duration kFirstCoolDown = std::chrono::milliseconds(50);
constexpr unsigned kMostCoolDownDoublings = 6;
constexpr double kMeanWeight = 0.05;  // of the newest world in the moving average

std::string_view signal_name(int number) {
  constexpr std::array<std::string_view, 32> kNames = {
      "",          "SIGHUP",  "SIGINT",    "SIGQUIT", "SIGILL",   "SIGTRAP", "SIGABRT", "SIGBUS",
      "SIGFPE",    "SIGKILL", "SIGUSR1",   "SIGSEGV", "SIGUSR2",  "SIGPIPE", "SIGALRM", "SIGTERM",
      "SIGSTKFLT", "SIGCHLD", "SIGCONT",   "SIGSTOP", "SIGTSTP",  "SIGTTIN", "SIGTTOU", "SIGURG",
      "SIGXCPU",   "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO",   "SIGPWR",  "SIGSYS"};
  const auto index = static_cast<std::size_t>(number);
  return index < kNames.size() ? kNames[index] : "";
}

}  // namespace

std::string describe(const ProcessEnd& end) {
  if (!end.by_signal) return fmt::format("exit code {}", end.number);
  const std::string_view name = signal_name(end.number);
  return name.empty() ? fmt::format("signal {}", end.number)
                      : fmt::format("signal {} ({})", end.number, name);
}

Pool::Pool(const PoolOptions& options, std::uint64_t tasks, LedgerHistory history)
    : options_(options),
      ledger_({tasks, options.attempts, options.retry_backoff}, std::move(history)),
      slots_(options.workers),
      max_deaths_(options.max_deaths_without_progress) {
  if (max_deaths_ == 0) max_deaths_ = std::max<std::uint32_t>(30, 5 * options.workers);
  told_out_ = ledger_.out();
}

void Pool::start(TimePoint now, Actions& out) {
  last_turn_ = now;
  if (options_.total_deadline != Duration::max()) total_deadline_ = now + options_.total_deadline;
  end_turn(now, out);
}

void Pool::handle(const Event& event, TimePoint now, Actions& out) {
  if (finished_) return;
  std::visit([&](const auto& concrete) { on(concrete, now, out); }, event);
}

Slot* Pool::current(const WorkerId& id) {
  if (id.slot >= slots_.size()) return nullptr;
  Slot& slot = slots_[id.slot];
  const Worker* worker = live_worker(slot);
  return worker != nullptr && worker->epoch == id.epoch ? &slot : nullptr;
}

void Pool::on(const WorkerReady& event, TimePoint now, Actions& out) {
  Slot* slot = current(event.worker);
  if (slot == nullptr) return;
  auto* starting = std::get_if<Starting>(&slot->state);
  if (starting == nullptr) {
    if (!std::holds_alternative<Dying>(slot->state) &&
        !std::holds_alternative<Draining>(slot->state)) {
      kill(event.worker.slot, Cause::protocol_violation, "it reported ready twice", now, out);
    }
    return;
  }
  slot->launch_failures = 0;
  launch_failures_ = 0;
  Worker worker = std::move(starting->worker);
  note_ready(worker, now);
  slot->state = Idle{std::move(worker)};
}

void Pool::on(const WorkerNotReady& event, TimePoint now, Actions& out) {
  if (Slot* slot = current(event.worker)) {
    if (!std::holds_alternative<Starting>(slot->state)) return;
    // a world that cannot be built here cannot be built by the next worker either
    end_run(Outcome::pool_broken, fmt::format("a worker cannot build the world: {}", event.reason),
            now, out);
  }
}

void Pool::on(const SpawnFailed& event, TimePoint now, Actions& out) {
  Slot* slot = current(event.worker);
  if (slot == nullptr) return;
  launch_failed(event.worker, event.reason, now, out);
}

void Pool::launch_failed(const WorkerId& id, const std::string& reason, TimePoint now,
                         Actions& out) {
  Slot& slot = slots_[id.slot];
  ++slot.launch_failures;
  ++launch_failures_;
  const unsigned doublings = std::min(slot.launch_failures - 1, kMostCoolDownDoublings);
  slot.state = CoolingDown{now + kFirstCoolDown * (1LL << doublings)};
  if (launch_failures_ >= kMostLaunchFailures) {
    end_run(Outcome::pool_broken,
            fmt::format("{} workers in a row could not start; the last one: {}", launch_failures_,
                        reason),
            now, out);
  }
}

bool Pool::accept(const ResultClaim& claim, TimePoint now, Actions& out) {
  Slot* slot = finished_ ? nullptr : current(claim.worker);
  if (slot == nullptr) return false;
  Worker& worker = *live_worker(*slot);
  const bool holds_it = !worker.leases.empty() && worker.leases.front().ordinal == claim.ordinal &&
                        worker.leases.front().pick.task == claim.task &&
                        worker.leases.front().pick.attempt == claim.attempt;
  if (!holds_it) {
    if (!std::holds_alternative<Dying>(slot->state)) {
      kill(claim.worker.slot, Cause::protocol_violation,
           fmt::format("it claims a result of task {}, which it does not hold", claim.task), now,
           out);
    }
    return false;
  }
  worker.leases.pop_front();
  worker.begun = std::max(worker.begun, claim.ordinal);
  ++worker.played;
  note_played(worker, now);
  ++accepted_;
  deaths_ = 0;
  ledger_.finish(claim.task);
  for (const std::uint32_t seat : claim.forfeits) strike(claim.task, seat, out);
  const double played = std::clamp(static_cast<double>(claim.played.count()), 100.0, 1e12);
  mean_played_ns_ =
      mean_played_ns_ == 0 ? played : mean_played_ns_ + kMeanWeight * (played - mean_played_ns_);
  front_changed(claim.worker.slot, now);
  return true;
}

void Pool::on(const AttemptFailed& event, TimePoint now, Actions& out) {
  Slot* slot = current(event.worker);
  if (slot == nullptr) return;
  Worker& worker = *live_worker(*slot);
  if (worker.leases.empty() || worker.leases.front().ordinal != event.ordinal ||
      worker.leases.front().pick.task != event.task ||
      worker.leases.front().pick.attempt != event.attempt) {
    if (!std::holds_alternative<Dying>(slot->state)) {
      kill(event.worker.slot, Cause::protocol_violation,
           fmt::format("it reports a failure of task {}, which it does not hold", event.task), now,
           out);
    }
    return;
  }
  const Lease lease = worker.leases.front();
  worker.leases.pop_front();
  worker.begun = std::max(worker.begun, event.ordinal);
  ++worker.played;
  deaths_ = 0;  // the pool works; the world does not
  charge({event.worker, lease.pick.task, lease.pick.attempt, event.cause, event.detail,
          event.played, lease.ordinal, event.culprit},
         now, out);
  front_changed(event.worker.slot, now);
  if (event.cause == Cause::out_of_memory && !std::holds_alternative<Dying>(slot->state)) {
    // what the world has left behind must not be charged to the next one
    kill(event.worker.slot, Cause::cancelled, "replaced: its world could get no more memory", now,
         out);
  }
}

void Pool::charge(RecordFailure failure, TimePoint now, Actions& out) {
  ++totals_.failed_attempts;
  const bool given_up = ledger_.fail(
      {failure.task, failure.attempt, failure.culprit, failure.cause == Cause::out_of_memory}, now);
  const RecordQuarantine quarantine{failure.task, failure.cause};
  out.emplace_back(std::move(failure));
  if (!given_up) return;
  ++quarantined_now_;
  out.emplace_back(quarantine);
  if (const auto culprit = ledger_.take_culprit(quarantine.task)) {
    strike(quarantine.task, *culprit, out);
  }
}

void Pool::give_back_reserved(Slot& slot) {
  if (!slot.reserved) return;
  ledger_.give_back(*slot.reserved);
  slot.reserved.reset();
}

void Pool::strike(TaskIndex task, std::uint32_t seat, Actions& out) {
  if (!ledger_.strike(task, seat)) return;
  for (Slot& slot : slots_) {  // a last try that waits for a fresh worker
    if (slot.reserved && ledger_.is_void(slot.reserved->task)) give_back_reserved(slot);
  }
  for (const auto& [competitor, last] : ledger_.out()) {
    const auto told = told_out_.find(competitor);
    if (told == told_out_.end() || told->second != last) {
      out.emplace_back(TellDisqualified{competitor, last});
    }
  }
  told_out_ = ledger_.out();
}

bool Pool::settle_leases(const WorkerId& id, Worker& worker, Cause cause, const std::string& detail,
                         bool charge_front, TimePoint now, Actions& out) {
  // Results that were published have been accepted before. Of the rest, only the lease in front can
  // have begun: whatever the ring heads say, an unpublished result is no result.
  bool front = true;
  bool charged = false;
  for (const Lease& lease : worker.leases) {
    const bool begun = front && lease.ordinal <= worker.begun;
    front = false;
    if (begun && charge_front) {
      charged = true;
      const Duration played = std::max(now - worker.watch.since, Duration::zero());
      charge({id, lease.pick.task, lease.pick.attempt, cause, detail, played, lease.ordinal}, now,
             out);
    } else {
      ledger_.give_back(lease.pick);
    }
  }
  worker.leases.clear();
  return charged;
}

void Pool::note_begun(Worker& worker, LeaseOrdinal begun) {
  if (begun <= worker.given) {
    worker.begun = std::max(worker.begun, begun);
  } else if (!worker.leases.empty()) {
    // its memory is nonsense: whoever wrote that was being played, else a world that does so each
    // time would never be charged
    worker.begun = worker.leases.front().ordinal;
  }
}

// Whether the worker ended of what joust did to it. It may also have crashed before that had any
// effect, or afterwards have been found to break the rules.
bool Pool::is_injury(const Slot& slot, const WorkerGone& event) {
  constexpr int kSigKill = 9;
  if (const auto* dying = std::get_if<Dying>(&slot.state)) return core::is_injury(*dying);
  return live_worker(slot)->injured && event.end.by_signal && event.end.number == kSigKill;
}

// Batch systems and containers that end a job send SIGTERM to each of its processes.
bool Pool::was_ended_with_us(const Slot& slot, const WorkerGone& event) const {
  constexpr int kSigTerm = 15;
  return stop_ != StopLevel::none && std::holds_alternative<Draining>(slot.state) &&
         event.end.by_signal && event.end.number == kSigTerm;
}

Pool::Verdict Pool::verdict_by_state(const Slot& slot, const WorkerGone& event) {
  const Worker& worker = *live_worker(slot);
  const std::string end = describe(event.end);
  Verdict verdict;
  verdict.record = {event.worker, true, event.end.by_signal ? Cause::crashed : Cause::exited, end};
  if (const auto* dying = std::get_if<Dying>(&slot.state)) {
    verdict.record.cause = dying->cause;
    verdict.record.detail = dying->detail;
    verdict.record.lost = dying->cause != Cause::cancelled;
    verdict.charge_front = charges_front(*dying);
    if (dying->cause == Cause::launch_failed) verdict.launch_failure = dying->detail;
  } else if (const auto* draining = std::get_if<Draining>(&slot.state)) {
    const bool in_play = !worker.leases.empty() && worker.leases.front().ordinal <= worker.begun;
    verdict.record.lost = in_play || event.end.by_signal || event.end.number != 0;
    if (!draining->why.empty()) verdict.record.detail = fmt::format("{}; {}", draining->why, end);
  } else if (std::holds_alternative<Starting>(slot.state)) {
    verdict.record.cause = Cause::launch_failed;
    verdict.launch_failure = fmt::format("it ended before it was ready: {}", end);
  }
  return verdict;
}

Pool::Verdict Pool::verdict_on(const Slot& slot, const WorkerGone& event) const {
  Verdict verdict = verdict_by_state(slot, event);
  if (event.starved && !std::holds_alternative<Dying>(slot.state)) {
    verdict.record.cause = Cause::out_of_memory;
    verdict.record.detail =
        fmt::format("the kernel ended it, for memory was short; it had taken up to {}",
                    mebibytes(std::max(event.end.peak, live_worker(slot)->memory)));
  }
  if (was_ended_with_us(slot, event)) {
    verdict.charge_front = false;
    verdict.record.lost = false;
    verdict.record.cause = Cause::cancelled;
    verdict.record.detail = "SIGTERM ended it while joust was asked to stop, too";
  }
  if (is_injury(slot, event)) {
    verdict.is_injury = true;
    verdict.charge_front = false;
    verdict.record.lost = true;
    verdict.record.cause = Cause::cancelled;
    const bool was_stopped = std::holds_alternative<Dying>(slot.state);
    verdict.record.detail = was_stopped ? kInjuredByStop : kInjuredByKill;
  }
  if (verdict.launch_failure && !event.last_words.empty()) {
    *verdict.launch_failure += fmt::format("; it printed: {}", event.last_words);
  }
  return verdict;
}

void Pool::on(const WorkerGone& event, TimePoint now, Actions& out) {
  Slot* slot = current(event.worker);
  if (slot == nullptr) return;
  Worker& worker = *live_worker(*slot);
  note_begun(worker, event.begun);
  const Verdict verdict = verdict_on(*slot, event);
  const bool charged = settle_leases(event.worker, worker, verdict.record.cause,
                                     verdict.record.detail, verdict.charge_front, now, out);
  totals_.workers_lost += verdict.record.lost ? 1 : 0;
  if (room_) *room_ += static_cast<std::int64_t>(worker.memory);
  out.emplace_back(verdict.record);
  if (verdict.launch_failure) {
    launch_failed(event.worker, *verdict.launch_failure, now, out);
    return;
  }
  slot->state = Vacant{};
  // a world that is too large says nothing of the pool, and will be played alone
  const bool was_too_large = charged && verdict.record.cause == Cause::out_of_memory;
  if (verdict.record.lost && !verdict.is_injury && !was_too_large) {
    count_death(verdict.record.cause, verdict.record.detail, now, out);
  }
}

void Pool::count_death(Cause cause, const std::string& detail, TimePoint now, Actions& out) {
  if (++deaths_ < max_deaths_) return;
  end_run(Outcome::pool_broken,
          fmt::format("{} workers died and no world finished in between; the last one {}: {}",
                      deaths_, cause_name(cause), detail),
          now, out);
}

void Pool::on(const ProtocolBroken& event, TimePoint now, Actions& out) {
  Slot* slot = current(event.worker);
  if (slot == nullptr || std::holds_alternative<Dying>(slot->state)) return;
  // What its memory says has begun is worth nothing now. Were the world in front not charged, a
  // world that spoils the channel would be tried for ever.
  Worker& worker = *live_worker(*slot);
  if (!worker.leases.empty()) {
    worker.begun = std::max(worker.begun, worker.leases.front().ordinal);
  }
  kill(event.worker.slot, Cause::protocol_violation, event.what, now, out);
}

void Pool::on(const Injured& event, TimePoint, Actions&) {
  if (Slot* slot = current(event.worker)) live_worker(*slot)->injured = true;
}

void Pool::on(const JournalStalled& event, TimePoint now, Actions&) {
  if (event.stalled == journal_stalled_) return;
  journal_stalled_ = event.stalled;
  if (event.stalled) stalled_since_ = now;
}

void Pool::on(const Committed& event, TimePoint, Actions&) {
  committed_ = event;
  commit_deadline_ = kNever;  // it moves
}

void Pool::on(const JournalBroken& event, TimePoint now, Actions& out) {
  end_run(Outcome::journal_error, event.reason, now, out);
}

void Pool::on(const StopAsked& event, TimePoint now, Actions& out) {
  if (event.level <= stop_) return;
  stop_ = event.level;
  if (!ending_) ending_ = Finish{Outcome::interrupted, "asked to stop"};
  if (stop_ == StopLevel::now) {
    kill_everyone(now, out);
  } else {
    drain_everyone(now, out);
  }
}

void Pool::end_run(Outcome outcome, std::string reason, TimePoint now, Actions& out) {
  // without a journal no commit comes any more that another ending would wait for
  const bool worse =
      !ending_ || ending_->outcome == Outcome::interrupted || outcome == Outcome::journal_error;
  if (worse) ending_ = Finish{outcome, std::move(reason)};
  stop_ = StopLevel::now;
  kill_everyone(now, out);
}

void Pool::kill_everyone(TimePoint now, Actions& out) {
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    Slot& slot = slots_[index];
    if (auto* dying = std::get_if<Dying>(&slot.state)) {
      if (dying->ending != Ending::killed)
        kill_for_good(index, *dying, now, out);  // no more patience
    } else if (live_worker(slot) != nullptr) {
      kill(index, Cause::cancelled, "the run is being stopped", now, out);
    }
  }
}

void Pool::drain_everyone(TimePoint now, Actions& out) {
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    Slot& slot = slots_[index];
    if (std::holds_alternative<Starting>(slot.state)) {
      kill(index, Cause::cancelled, "the run is being stopped", now, out);
    } else if (std::holds_alternative<Idle>(slot.state) ||
               std::holds_alternative<Busy>(slot.state)) {
      drain(index, "", now, out);
    }
  }
}

PoolCounts Pool::counts() const {
  PoolCounts counts = totals_;
  counts.tasks = ledger_.tasks();
  counts.done = ledger_.done();
  counts.quarantined = ledger_.quarantined();
  counts.voided = ledger_.voided();
  counts.accepted = accepted_;
  counts.running =
      static_cast<std::uint64_t>(std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) {
        const Worker* worker = live_worker(slot);
        return worker != nullptr && !worker->leases.empty();
      }));
  return counts;
}

}  // namespace joust::core
