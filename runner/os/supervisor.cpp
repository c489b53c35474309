#include "runner/os/supervisor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "common/bell.hpp"
#include "common/bytes.hpp"
#include "common/hash.hpp"
#include "common/result_codec.hpp"
#include "common/run_marker.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/crew.hpp"
#include "runner/os/live_worker.hpp"
#include "runner/os/process_state.hpp"
#include "runner/os/signals.hpp"

namespace joust::os {
namespace {

// Results are taken from one worker at most this many at a time, so that all get their turn.
constexpr int kRecordsPerTurn = 512;
// More rows than this wait for no further ones, even if the journal is behind.
constexpr std::size_t kMostRowsInBatch = 4096;

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
        observer_(observer),
        pool_(setup_.pool, setup_.tasks, std::move(setup_.history)),
        crew_(io_, setup_, make_run_id()),
        journal_watch_(io_, setup_.journal_bell, [this] {
          wait_for_bell(setup_.journal_bell);
          journal_news_ = true;
          return DescriptorWatch::Next::go_on;
        }) {
    if (setup_.handle_signals) signals_.emplace(io_, [this](int signal) { on_signal(signal); });
  }

  core::PoolCounts counts() const { return pool_.counts(); }
  int stop_signal() const { return stop_signal_; }

  // Phases of a turn: sleep until something happens; look whether we overslept; take what came
  // (signals and commits, results, deaths, samples); let the core act on deadlines and hand out
  // work; carry out its actions; pass rows to the journal; make everything visible to the workers.
  core::Finish run() {
    begin();
    while (!pool_.finished()) {
      sleep();
      now_ = now();
      pool_.begin_turn(now_);
      take_news();
      take_results();
      take_deaths();
      take_samples();
      pool_.end_turn(now_, actions_);
      act();
      feed_journal();
      flush_channels();
      tell_observer();
    }
    crew_.disband();
    while (!batch_.empty() && !journal_broken_ && !recorder_.status().error &&
           !recorder_.try_submit(batch_)) {
      io_.run_one_for(std::chrono::milliseconds(10));  // until the journal's bell
    }
    tell_observer();
    return finish_;
  }

 private:
  void begin() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    started_ = now_ = now();
    crew_.start_guard();
    pool_.start(now_, actions_);
    act();
    flush_channels();
  }

  void sleep() {
    if (busy_) {  // results are coming in: only look at what else has happened
      busy_ = false;
      io_.poll();
      return;
    }
    bool may_sleep = true;
    for (LiveWorker* worker : crew_.all()) {
      if (worker->gone || worker->broken) continue;
      const std::uint64_t half = std::max<std::size_t>(1, worker->in_hand / 2);
      may_sleep &= worker->channel.arm(worker->channel.messages_received() + half);
    }
    if (may_sleep || stalled_) {
      const TimePoint until = std::min(pool_.next_deadline(), next_tick_);
      const Duration longest = std::chrono::seconds(1);
      io_.run_one_for(std::clamp<Duration>(until - now(), Duration::zero(), longest));
    }
    io_.poll();
    for (LiveWorker* worker : crew_.all()) worker->channel.disarm();
  }

  void take_news() {
    for (core::Event& event : events_) pool_.handle(event, now_, actions_);
    events_.clear();
    if (!journal_news_) return;
    journal_news_ = false;
    const journal::WriterStatus status = recorder_.status();
    pool_.handle(core::Committed{status.results_committed, status.quarantines_committed}, now_,
                 actions_);
    committed_ = status.results_committed;
    if (status.error && !journal_broken_) {
      journal_broken_ = true;
      pool_.handle(core::JournalBroken{status.error->what(), status.error->disk_full}, now_,
                   actions_);
    }
  }

  void take_results() {
    if (stalled_) return;
    for (LiveWorker* worker : crew_.all()) {
      crew_.read_output(*worker);
      busy_ |= worker->output_waits;
      for (int i = 0; i < kRecordsPerTurn && take_record(*worker); ++i) {
      }
    }
  }

  // Takes one record. False: there is none, or no more should be taken from this worker now.
  bool take_record(LiveWorker& worker) {
    if (worker.broken) return false;
    RecordHeader header;
    switch (worker.channel.receive(header)) {
      case MessageReceiver::Outcome::empty:
        return false;
      case MessageReceiver::Outcome::corrupt:
        report_broken(worker, worker.channel.what_is_wrong());
        return false;
      case MessageReceiver::Outcome::fragment:
        busy_ = true;
        return worker.gone;  // one piece per turn while it lives, all of them in the last drain
      case MessageReceiver::Outcome::message:
        break;
    }
    busy_ = true;
    take_message(worker, header, worker.channel.payload());
    return !worker.broken;
  }

  void report_broken(LiveWorker& worker, std::string what) {
    worker.broken = true;
    pool_.handle(core::ProtocolBroken{worker.id, std::move(what)}, now_, actions_);
  }

  void take_message(LiveWorker& worker, const RecordHeader& header, std::string_view payload) {
    switch (static_cast<MessageType>(header.type)) {
      case MessageType::ready:
        observer_.worker_ready(worker.id);
        pool_.handle(core::WorkerReady{worker.id}, now_, actions_);
        return;
      case MessageType::not_ready:
        pool_.handle(core::WorkerNotReady{worker.id, std::string(payload)}, now_, actions_);
        return;
      case MessageType::result:
        take_result(worker, header, payload);
        return;
      case MessageType::failure:
        take_failure(worker, header, payload);
        return;
      default:
        report_broken(worker, fmt::format("unknown type of message {}", header.type));
    }
  }

  void take_result(LiveWorker& worker, const RecordHeader& header, std::string_view payload) {
    ByteReader in(payload);
    const Duration played(static_cast<std::int64_t>(in.number<std::uint64_t>()));
    const std::string_view encoded =
        payload.substr(std::min(payload.size(), sizeof(std::uint64_t)));
    if (!in.ok() || check_result(encoded) != setup_.seats) {
      report_broken(worker, "a result does not have the form of one");
      return;
    }
    const core::ResultClaim claim{worker.id, header.ordinal, header.task, header.attempt, played};
    if (!pool_.accept(claim, now_, actions_)) return;
    worker.in_hand -= worker.in_hand > 0 ? 1 : 0;
    batch_.add(journal::ResultRow{header.task, header.attempt, played, encoded});
  }

  void take_failure(LiveWorker& worker, const RecordHeader& header, std::string_view payload) {
    ByteReader in(payload);
    const Duration played(static_cast<std::int64_t>(in.number<std::uint64_t>()));
    const auto cause = static_cast<Cause>(in.number<std::uint8_t>());
    if (!in.ok() || (cause != Cause::world_error && cause != Cause::result_too_large)) {
      report_broken(worker, "a failure does not have the form of one");
      return;
    }
    worker.in_hand -= worker.in_hand > 0 ? 1 : 0;
    crew_.read_output(worker);
    pool_.handle(
        core::AttemptFailed{worker.id, header.ordinal, header.task, header.attempt, cause,
                            std::string(payload.substr(sizeof(std::uint64_t) + 1)), played},
        now_, actions_);
    act();  // its output is written down before the next world's is mixed in
  }

  // In this order: drain the result ring to its final tail; drain the output; reap; settle the
  // leases.
  void take_deaths() {
    const std::vector<LiveWorker*> workers = crew_.all();  // the dead are removed from the list
    for (LiveWorker* worker : workers) {
      if (!worker->gone) continue;
      while (take_record(*worker)) {
      }
      crew_.read_rest_of_output(*worker);
      const auto end = crew_.reap_worker(*worker);
      if (!end) continue;
      pool_.handle(core::WorkerGone{worker->id, *end, begun_ordinal(worker->channel.progress())},
                   now_, actions_);
      act();
      crew_.remove(worker->id);
      busy_ = true;
    }
    crew_.forget_abandoned();
    crew_.replace_lost_guard();
  }

  void take_samples() {
    if (!pool_.wants_samples(now_)) return;
    for (LiveWorker* worker : crew_.all()) {
      const std::uint64_t progress = worker->channel.progress();
      pool_.handle(core::Sampled{worker->id, begun_ordinal(progress), beat_count(progress)}, now_,
                   actions_);
    }
  }

  // Carries out actions until none is left; some bring new events about at once.
  void act() {
    while (!actions_.empty()) {
      core::Actions todo;
      todo.swap(actions_);
      for (const core::Action& action : todo) {
        std::visit([this](const auto& concrete) { perform(concrete); }, action);
      }
    }
  }

  void perform(const core::Spawn& action) {
    try {
      const LiveWorker& worker = crew_.start_worker(action.worker);
      const journal::WorkerStart row{action.worker.slot, action.worker.epoch, worker.child.pid,
                                     unix_millis()};
      batch_.add(row);
      observer_.worker_started(row);
    } catch (const std::system_error& error) {
      pool_.handle(core::SpawnFailed{action.worker, error.what()}, now_, actions_);
    }
  }
  void perform(const core::Give& action) {
    LiveWorker* worker = crew_.find(action.worker);
    if (worker == nullptr || worker->broken) return;
    if (!worker->channel.give(action.ordinal, action.task, action.attempt)) {
      report_broken(*worker, "its position in the task ring is impossible");
      return;
    }
    ++worker->in_hand;
  }
  void perform(const core::AskToStop& action) {
    if (LiveWorker* worker = crew_.find(action.worker)) worker->channel.ask_to_stop();
  }
  void perform(const core::Inspect& action) {
    LiveWorker* worker = crew_.find(action.worker);
    if (worker == nullptr) return;
    const ProcessLook look = look_at(worker->child.pid);
    pool_.handle(core::Inspected{action.worker, look.state, look.cpu}, now_, actions_);
  }
  void perform(const core::Terminate& action) {
    if (LiveWorker* worker = crew_.find(action.worker)) {
      signal_process(worker->child.pidfd, SIGTERM);
    }
  }
  void perform(const core::Kill& action) {
    if (LiveWorker* worker = crew_.find(action.worker)) kill_tree(worker->child);
  }
  void perform(const core::Abandon& action) { crew_.abandon(action.worker); }

  void perform(const core::RecordFailure& action) {
    journal::FailedAttempt row;
    row.task = action.task;
    row.attempt = action.attempt;
    row.cause = action.cause;
    row.detail = action.detail;
    row.slot = action.worker.slot;
    row.epoch = action.worker.epoch;
    row.played = action.played;
    row.at = unix_millis();
    row.log = crew_.save_output(action);
    observer_.attempt_failed(row);
    batch_.add(std::move(row));
  }
  void perform(const core::RecordQuarantine& action) {
    const journal::QuarantineRow row{action.task, action.cause};
    observer_.quarantined(row);
    batch_.add(row);
  }
  void perform(const core::RecordWorkerEnd& action) {
    journal::WorkerEnd row;
    row.slot = action.worker.slot;
    row.epoch = action.worker.epoch;
    row.at = unix_millis();
    row.lost = action.lost;
    row.ending = action.detail;
    if (action.lost) row.cause = action.cause;
    observer_.worker_ended(row);
    batch_.add(std::move(row));
  }
  void perform(const core::Finish& action) { finish_ = action; }

  // A full queue stops the taking of results, never the noticing of deaths.
  void feed_journal() {
    if (batch_.empty() && !stalled_) return;
    const bool submitted = journal_broken_ || recorder_.try_submit(batch_);
    if (journal_broken_) batch_ = journal::Batch();
    const bool stalled = !submitted && (stalled_ || batch_.rows() >= kMostRowsInBatch);
    if (stalled != stalled_) {
      stalled_ = stalled;
      pool_.handle(core::JournalStalled{stalled}, now_, actions_);
      act();
    }
    if (!submitted) journal_news_ = true;
  }

  void flush_channels() {
    for (LiveWorker* worker : crew_.all()) {
      if (!worker->broken && !worker->channel.flush()) {
        report_broken(*worker, "its position in the task ring is impossible");
      }
    }
    act();
  }

  void on_signal(int signal) {
    switch (signal) {
      case SIGCHLD:
        crew_.clear_strays();
        return;
      case SIGTSTP:
        crew_.pause();
        ::raise(SIGSTOP);
        crew_.go_on();
        return;
      case SIGUSR1:
        observer_.asked_for_picture(picture());
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
    if (stop_signals_ >= 3) ::_exit(130);
    const auto level = stop_signals_ == 1 ? core::StopLevel::drain : core::StopLevel::now;
    observer_.stopping(level);
    events_.emplace_back(core::StopAsked{level});
  }

  void tell_observer() {
    const TimePoint time = now();
    if (time < next_tick_ && !pool_.finished()) return;
    next_tick_ = time + observer_.tick_period();
    observer_.tick(picture());
  }

  Picture picture() const {
    Picture picture;
    picture.counts = pool_.counts();
    picture.committed = committed_;
    picture.elapsed = now() - started_;
    picture.state = pool_.stopping() == core::StopLevel::none    ? "running"
                    : pool_.stopping() == core::StopLevel::drain ? "draining"
                                                                 : "stopping";
    for (SlotIndex index = 0; index < pool_.slots().size(); ++index) {
      picture.slots.push_back(crew_.picture_of(index, pool_.slots()[index], now_));
    }
    return picture;
  }

  SupervisorSetup setup_;
  Recorder& recorder_;
  Observer& observer_;
  core::Pool pool_;
  boost::asio::io_context io_;
  Crew crew_;
  DescriptorWatch journal_watch_;
  std::optional<Signals> signals_;
  journal::Batch batch_;
  core::Actions actions_;
  std::vector<core::Event> events_;
  core::Finish finish_;
  TimePoint started_{};
  TimePoint now_{};
  TimePoint next_tick_{};
  std::uint64_t committed_ = 0;
  int stop_signal_ = 0;   // the first one
  int stop_signals_ = 0;  // how many came
  bool busy_ = false;     // results came in this turn: more may follow at once
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
