#include "runner/os/supervisor.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>

#include "common/bell.hpp"
#include "common/hash.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/inbox.hpp"
#include "runner/os/signals.hpp"

namespace joust::os {
namespace {

// More rows than this wait for no further ones, even if the journal is behind.
constexpr std::size_t kMostRowsInBatch = 4096;

// Fewer results than this wait that long for more of them, since a commit of ten costs nearly as
// much as one of a hundred. Worlds of 100 us: 3 us of the journal's time for each, not 9; 4 of the
// supervisor's, whom each commit wakes, not 6.5.
constexpr std::size_t kRowsWorthACommit = 256;
constexpr Duration kLongestHeld = std::chrono::milliseconds(5);

std::string make_run_id() {
  return fmt::format("{:016x}",
                     hash_numbers({static_cast<std::uint64_t>(::getpid()),
                                   static_cast<std::uint64_t>(unix_millis()),
                                   static_cast<std::uint64_t>(now().time_since_epoch().count())}));
}

}  // namespace

class Supervisor::Impl {
 public:
  Impl(SupervisorSetup setup, Recorder& recorder, Observer& observer)
      : setup_(std::move(setup)),
        recorder_(recorder),
        state_{core::Pool(setup_.pool, setup_.tasks, std::move(setup_.history)),
               Crew(io_, setup_, make_run_id()),
               observer,
               setup_.seats,
               setup_.competitor_in,
               MemoryWatch{{setup_.pool.memory, setup_.pool.memory_reserve}}},
        performer_(state_),
        inbox_(state_, performer_),
        journal_watch_(io_, setup_.journal_bell, [this] {
          wait_for_bell(setup_.journal_bell);
          journal_news_ = true;
          return DescriptorWatch::Next::go_on;
        }) {
    if (setup_.handle_signals) signals_.emplace(io_, [this](int signal) { on_signal(signal); });
  }

  core::PoolCounts counts() const { return state_.pool.counts(); }
  int stop_signal() const { return stop_signal_; }

  // Phases of a turn: sleep until something happens; look whether we overslept; take what came
  // (signals and commits, results, deaths, samples); let the core act on deadlines and hand out
  // work; carry out its actions; pass rows to the journal; make everything visible to the workers.
  core::Finish run() {
    begin();
    while (!state_.pool.finished()) {
      sleep();
      state_.now = now();
      state_.wall = unix_millis();
      state_.pool.begin_turn(state_.now);
      take_news();
      take_results();
      await_own_sigterm();
      take_deaths();
      take_samples();
      injure();
      state_.pool.end_turn(state_.now, state_.actions);
      performer_.act();
      feed_journal();
      flush_channels();
      tell_observer();
    }
    state_.crew.disband();
    while (!state_.batch.empty() && !journal_broken_ && !recorder_.status().error &&
           !recorder_.try_submit(state_.batch)) {
      io_.run_one_for(std::chrono::milliseconds(10));  // until the journal's bell
    }
    tell_observer();
    return performer_.finish();
  }

 private:
  void begin() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    started_ = state_.now = now();
    if (setup_.injuries) injuries_.emplace(*setup_.injuries, started_);
    state_.crew.start_guard();
    state_.pool.start(state_.now, state_.actions);
    performer_.act();
    flush_channels();
  }

  void sleep() {
    if (state_.busy) {  // results are coming in: only look at what else has happened
      state_.busy = false;
      io_.poll();
      return;
    }
    state_.crew.tidy_up();
    bool may_sleep = true;
    for (LiveWorker* worker : state_.crew.all()) {
      if (worker->gone || worker->broken) continue;
      const std::uint64_t half = std::max<std::size_t>(1, worker->in_hand / 2);
      may_sleep &= worker->channel.arm(worker->channel.messages_received() + half);
    }
    if (may_sleep && setup_.without_timers) {
      io_.run_one();
    } else if (may_sleep || stalled_) {
      TimePoint until = std::min({state_.pool.next_deadline(), next_tick_, held_until_});
      if (injuries_) until = std::min(until, injuries_->next());
      const Duration longest = std::chrono::seconds(1);
      io_.run_one_for(std::clamp<Duration>(until - now(), Duration::zero(), longest));
    }
    io_.poll();
    for (LiveWorker* worker : state_.crew.all()) worker->channel.disarm();
  }

  void take_news() {
    for (core::Event& event : events_) state_.pool.handle(event, state_.now, state_.actions);
    events_.clear();
    for (const core::WorkerId& worker : state_.crew.examined()) {
      state_.pool.handle(core::StacksTaken{worker}, state_.now, state_.actions);
    }
    if (!journal_news_) return;
    journal_news_ = false;
    const journal::WriterStatus status = recorder_.status();
    state_.pool.handle(core::Committed{status.results_committed, status.quarantines_committed},
                       state_.now, state_.actions);
    committed_ = status.results_committed;
    if (status.error && !journal_broken_) {
      journal_broken_ = true;
      state_.pool.handle(core::JournalBroken{status.error->what(), status.error->disk_full},
                         state_.now, state_.actions);
    }
  }

  void take_results() {
    if (stalled_) return;
    for (LiveWorker* worker : state_.crew.all()) {
      state_.crew.read_output(*worker);
      state_.busy |= worker->output_waits;
      inbox_.take_some(*worker);
    }
  }

  // What sends SIGTERM to all processes of a job may reach the workers a moment before us.
  void await_own_sigterm() {
    constexpr Duration kMoment = std::chrono::milliseconds(50);
    const auto& workers = state_.crew.all();
    const bool is_due = stop_signal_ == 0 &&
                        std::any_of(workers.begin(), workers.end(), [](const LiveWorker* worker) {
                          return worker->gone && was_ended_by(worker->child, SIGTERM);
                        });
    if (!is_due) return;
    for (const TimePoint until = now() + kMoment; stop_signal_ == 0 && now() < until;) {
      io_.run_one_for(until - now());
    }
    take_news();
    performer_.act();
  }

  // In this order: drain the result ring to its final tail; drain the output; reap; settle the
  // leases.
  void take_deaths() {
    const std::vector<LiveWorker*> workers =
        state_.crew.all();  // the dead are removed from the list
    for (LiveWorker* worker : workers) {
      if (!worker->gone) continue;
      inbox_.take_everything(*worker);
      performer_.act();  // its last message may have had it killed: not after it was reaped
      state_.crew.read_rest_of_output(*worker);
      const auto end = state_.crew.reap_worker(*worker);
      if (!end) continue;
      core::WorkerGone gone{worker->id, *end, begun_ordinal(worker->channel.progress())};
      if (!worker->ready) gone.last_words = Crew::last_words(*worker);
      gone.starved = end->by_signal && end->number == SIGKILL && !was_killed_by_joust(worker->id) &&
                     state_.memory.gauge.take_oom_kill();
      state_.pool.handle(gone, state_.now, state_.actions);
      performer_.act();
      state_.crew.remove(worker->id);
      state_.busy = true;
    }
    state_.crew.forget_abandoned();
    state_.crew.replace_lost_guard();
  }

  bool was_killed_by_joust(const core::WorkerId& id) const {
    const core::Slot& slot = state_.pool.slots()[id.slot];
    const core::Worker* worker = core::live_worker(slot);
    return std::holds_alternative<core::Dying>(slot.state) ||
           (worker != nullptr && worker->injured);
  }

  void take_samples() {
    if (!state_.pool.wants_samples(state_.now)) return;
    for (LiveWorker* worker : state_.crew.all()) {
      const std::uint64_t progress = worker->channel.progress();
      state_.pool.handle(core::Sampled{worker->id, begun_ordinal(progress), beat_count(progress)},
                         state_.now, state_.actions);
    }
  }

  // --chaos: hurts a worker that plays, and tells the core who did it.
  void injure() {
    const auto signal = injuries_ ? injuries_->take_due(state_.now) : std::nullopt;
    if (!signal) return;
    std::vector<std::pair<LiveWorker*, TaskIndex>> victims;
    for (LiveWorker* worker : state_.crew.all()) {
      const core::Worker* known = core::live_worker(state_.pool.slots()[worker->id.slot]);
      if (worker->gone || known == nullptr || known->injured || known->leases.empty()) continue;
      if (std::holds_alternative<core::Dying>(state_.pool.slots()[worker->id.slot].state)) continue;
      const TaskIndex task = known->leases.front().pick.task;
      if (injuries_->may_hit(task)) victims.emplace_back(worker, task);
    }
    if (victims.empty()) return;
    const auto& [victim, task] = victims[injuries_->choose(victims.size())];
    injuries_->note_hit(task);
    state_.pool.handle(core::Injured{victim->id}, state_.now, state_.actions);
    signal_process(victim->child, *signal);
    state_.observer.worker_injured(victim->id, *signal);
  }

  // Whether the rows wait for others: only results, and only while others can come.
  bool are_held() {
    const journal::Batch& batch = state_.batch;
    const auto& workers = state_.crew.all();
    const bool may_wait = !setup_.without_timers && !stalled_ &&
                          batch.rows() == batch.result_rows() && batch.rows() < kRowsWorthACommit &&
                          std::any_of(workers.begin(), workers.end(),
                                      [](const LiveWorker* worker) { return worker->in_hand > 0; });
    if (!may_wait || held_until_ <= state_.now) {
      held_until_ = kNever;
      return false;
    }
    if (held_until_ == kNever) held_until_ = state_.now + kLongestHeld;
    return true;
  }

  // A full queue stops the taking of results, never the noticing of deaths.
  void feed_journal() {
    if (state_.batch.empty() && !stalled_) return;
    if (are_held()) return;
    const bool submitted = journal_broken_ || recorder_.try_submit(state_.batch);
    if (journal_broken_) state_.batch = journal::Batch();
    const bool stalled = !submitted && (stalled_ || state_.batch.rows() >= kMostRowsInBatch);
    if (stalled != stalled_) {
      stalled_ = stalled;
      state_.pool.handle(core::JournalStalled{stalled}, state_.now, state_.actions);
      performer_.act();
    }
    if (!submitted) journal_news_ = true;
  }

  void flush_channels() {
    for (LiveWorker* worker : state_.crew.all()) {
      if (!worker->broken && !worker->channel.flush()) {
        state_.report_broken(*worker, "its position in the task ring is impossible");
      }
    }
    performer_.act();
  }

  void on_signal(int signal) {
    switch (signal) {
      case SIGCHLD:
        state_.crew.clear_strays();
        return;
      case SIGTSTP:
        state_.crew.pause();
        ::raise(SIGSTOP);
        state_.crew.go_on();
        return;
      case SIGUSR1:
        state_.observer.asked_for_picture(picture());
        if (const std::string_view why = state_.crew.print_stacks(); !why.empty()) {
          state_.observer.no_stacks(why);
        }
        return;
      case SIGINT:
      case SIGTERM:
      case SIGHUP:
        if (stop_signal_ == 0) stop_signal_ = signal;
        ask_to_stop();
        return;
      default:
        return;
    }
  }

  // First: drain. Second: stop now. Third: leave at once; the workers die with us, the guard
  // follows.
  void ask_to_stop() {
    ++stop_signals_;
    if (stop_signals_ >= 3) ::_exit(stop_signal_ == SIGTERM ? 143 : 130);
    const auto level = stop_signals_ == 1 ? core::StopLevel::drain : core::StopLevel::now;
    state_.observer.stopping(level);
    events_.emplace_back(core::StopAsked{level});
  }

  void tell_observer() {
    const TimePoint time = now();
    if (time < next_tick_ && !state_.pool.finished()) return;
    next_tick_ = time + state_.observer.tick_period();
    state_.observer.tick(picture());
  }

  Picture picture() const {
    Picture picture;
    picture.counts = state_.pool.counts();
    picture.committed = committed_;
    picture.elapsed = now() - started_;
    for (const auto& [competitor, last] : state_.pool.out()) picture.out.push_back(competitor);
    picture.state = state_.pool.stopping() == core::StopLevel::none    ? "running"
                    : state_.pool.stopping() == core::StopLevel::drain ? "draining"
                                                                       : "stopping";
    for (SlotIndex index = 0; index < state_.pool.slots().size(); ++index) {
      picture.slots.push_back(
          state_.crew.picture_of(index, state_.pool.slots()[index], state_.now));
    }
    return picture;
  }

  SupervisorSetup setup_;
  Recorder& recorder_;
  boost::asio::io_context io_;
  LoopState state_;
  Performer performer_;
  Inbox inbox_;
  DescriptorWatch journal_watch_;
  std::optional<Signals> signals_;
  std::optional<Injuries> injuries_;
  std::vector<core::Event> events_;
  TimePoint started_{};
  TimePoint next_tick_{};
  TimePoint held_until_ = kNever;  // when the rows that wait for others go to the journal
  std::uint64_t committed_ = 0;
  int stop_signal_ = 0;   // the first one
  int stop_signals_ = 0;  // how many came
  bool stalled_ = false;  // the journal's queue is full
  bool journal_broken_ = false;
  bool journal_news_ = false;
};

Supervisor::Supervisor(SupervisorSetup setup, Recorder& recorder, Observer& observer)
    : impl_(std::make_unique<Impl>(std::move(setup), recorder, observer)) {}
Supervisor::~Supervisor() = default;
core::Finish Supervisor::run() { return impl_->run(); }
int Supervisor::stop_signal() const { return impl_->stop_signal(); }
core::PoolCounts Supervisor::counts() const { return impl_->counts(); }

}  // namespace joust::os
