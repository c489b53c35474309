// A worker is single-stepped through its life and killed with SIGKILL: after every n-th
// instruction, after each one that changes what the supervisor sees of it, and in the midst of
// copying results (bulk work counts as one step otherwise). Each time the supervisor's channel and
// core recover as they do in a run, and it is checked that what the worker had published counts
// once, that nothing else does, that an attempt is charged only if it had begun, and that the
// tournament goes on to its end.
//
// What a kill must lead to is read off the worker's memory as it stands: its position in the result
// ring and the word that says which world has begun. Which positions mean a complete result was
// noted beforehand in a life that nobody cut short.
//
// JOUST_STEP_EVERY=n sets n for all stories; 1 kills after every instruction (some hours).

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "common/bell.hpp"
#include "common/tournament.hpp"
#include "common/world_registry.hpp"
#include "runner/core/pool.hpp"
#include "runner/os/channel_host.hpp"
#include "tests/support/stride.hpp"
#include "tests/support/traced_child.hpp"
#include "worker/loop.hpp"

namespace joust::test {
namespace {

using Stop = TracedChild::Stop;

constexpr std::uint64_t kCapacity = 64 << 10;
constexpr std::uint64_t kMostSteps = 600'000;  // over all kills of a story, unless told otherwise

constexpr std::uint64_t kStepsOfTheEnd = 1000;  // what follows only frees memory

struct Story {
  const char* name;
  std::int64_t payload;    // bytes of each result, beside its scores
  std::uint32_t worlds;    // of the tournament
  std::uint64_t calm = 0;  // results that are awaited before the stepping begins; kFromStart: none
};
constexpr std::uint64_t kFromStart = UINT64_MAX;

// A life: one worker of epoch 1, and the core that it plays for.
class Life {
 public:
  explicit Life(const Story& story) : host_(os::ChannelHost::create({1, kCapacity, 1 << 20})) {
    WorkerBrief brief;
    brief.shape = {2, 2, 1, story.worlds / 2, 1};
    brief.setup.world = "noop";
    brief.setup.seats = 2;
    brief.setup.competitors = {{"A", "Any", {}}, {"B", "Any", {}}};
    brief.setup.parameters.set("work", std::int64_t{0});
    brief.setup.parameters.set("payload", story.payload);
    brief.setup.parameters.set("read", std::string());
    PoolOptions options;
    options.workers = 1;
    options.retry_backoff = Duration::zero();
    pool_ = std::make_unique<core::Pool>(options, story.worlds, core::LedgerHistory{});
    brief_ = encode_brief(brief);
    host_.send_brief(brief_);
    host_.flush();
    words_ = map_worker_words();
    pool_->start(now_, actions_);
    obey();
    const os::ChannelFds fds = host_.fds();
    bell_ = fds.task_bell;
    const WorldRegistry& worlds = builtin_worlds();  // filled before the fork, once for all lives
    child_ = std::make_unique<TracedChild>([fds, &worlds] {
      worker::ChannelClient channel(fds.supervisor_memory, fds.worker_memory, fds.task_bell,
                                    fds.result_bell);
      worker::serve(channel, worlds);
    });
  }
  ~Life() { ::munmap(words_, kChannelPage); }
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

  // Until so many results have been taken, and the worker waits for more work.
  void play_calmly(std::uint64_t results) {
    do {
      REQUIRE(child_->run_to_read(bell_) == Stop::standing);
      serve();
    } while (accepted_.size() < results);
  }

  // One instruction, or all the bulk work that the worker stands at. False: its life is over, or it
  // waits for ever.
  bool step() {
    if (child_->is_at_read(bell_) && !serve()) return false;
    if (child_->is_at_bulk_work()) return child_->finish_bulk_work() == Stop::standing;
    return child_->step() == Stop::standing;
  }

  // So many instructions of the bulk work that the worker stands at, if it does.
  void enter_bulk_work(std::uint64_t instructions) {
    if (!child_->is_at_bulk_work()) return;
    for (std::uint64_t i = 0; i < instructions; ++i) child_->step();
  }

  bool is_at_bulk_work() const { return child_->is_at_bulk_work(); }

  // What the supervisor can see of the worker, but for the ring's bytes.
  std::string visible() const { return {reinterpret_cast<const char*>(words_), sizeof *words_}; }

  std::uint64_t tail() const { return words_->result_tail.value.load(std::memory_order_acquire); }
  Phase phase() const {
    return static_cast<Phase>(words_->phase.value.load(std::memory_order_acquire));
  }
  LeaseOrdinal begun() const {
    return begun_ordinal(words_->progress.value.load(std::memory_order_acquire));
  }
  void kill() { child_->kill(); }

  // What the supervisor does when the sentinel tells of the death: drains the ring, then settles.
  void recover() {
    take_results();
    gone_ = true;
    pool_->handle(core::WorkerGone{{0, 1}, {true, 9}, begun()}, now_, actions_);
    obey();
  }

  // Plays the rest of the tournament with workers that do not die.
  void play_to_the_end() {
    for (int turn = 0; turn < 1000 && !pool_->finished(); ++turn) {
      now_ += std::chrono::milliseconds(100);
      pool_->begin_turn(now_);
      answer();
      pool_->handle(core::Committed{accepted_.size(), 0}, now_, actions_);
      pool_->end_turn(now_, actions_);
      obey();
    }
  }

  bool finished() const { return pool_->finished(); }
  const std::set<TaskIndex>& accepted() const { return accepted_; }
  std::size_t accepted_twice() const { return accepted_twice_; }
  const std::vector<core::RecordFailure>& failures() const { return failures_; }
  const std::vector<core::Give>& gives() const { return gives_; }  // to the first worker
  std::string fault;                                               // of the channel

 private:
  WorkerPage* map_worker_words() {
    void* words =
        ::mmap(nullptr, kChannelPage, PROT_READ, MAP_SHARED, host_.fds().worker_memory, 0);
    REQUIRE(words != MAP_FAILED);
    return static_cast<WorkerPage*>(words);
  }

  // The supervisor's turn while the worker stands. True: the worker has something to do after it.
  bool serve() {
    take_results();
    now_ += std::chrono::milliseconds(1);
    pool_->begin_turn(now_);
    pool_->handle(core::Committed{accepted_.size(), 0}, now_, actions_);
    pool_->end_turn(now_, actions_);
    obey();
    host_.flush();
    return bell_rings();
  }

  bool bell_rings() const {
    pollfd bell{bell_, POLLIN, 0};
    return ::poll(&bell, 1, 0) == 1;
  }

  void take_results() {
    RecordHeader header;
    while (true) {
      const auto outcome = host_.receive(header);
      if (outcome == MessageReceiver::Outcome::empty) return;
      if (outcome == MessageReceiver::Outcome::corrupt) {
        fault = host_.what_is_wrong();
        return;
      }
      if (outcome == MessageReceiver::Outcome::message) take_message(header);
    }
  }

  void take_message(const RecordHeader& header) {
    if (static_cast<MessageType>(header.type) == MessageType::ready) {
      pool_->handle(core::WorkerReady{{0, 1}}, now_, actions_);
    } else if (static_cast<MessageType>(header.type) == MessageType::result) {
      claim({{0, 1}, header.ordinal, header.task, header.attempt, Duration(1000)});
    } else {
      fault = "a message that nobody expects";
    }
    obey();
  }

  void claim(const core::ResultClaim& result) {
    if (!pool_->accept(result, now_, actions_)) {
      fault = "a claim was refused";
    } else if (!accepted_.insert(result.task).second) {
      ++accepted_twice_;
    }
  }

  // Later workers: ready at once, and whatever they are given is done.
  void answer() {
    std::vector<core::WorkerId> started;
    started.swap(started_);
    for (const core::WorkerId& worker : started) {
      pool_->handle(core::WorkerReady{worker}, now_, actions_);
    }
    std::vector<core::Give> todo;
    todo.swap(given_later_);
    for (const core::Give& give : todo) {
      claim({give.worker, give.ordinal, give.task, give.attempt, Duration(1000)});
    }
    std::vector<core::WorkerId> stopped;
    stopped.swap(stopped_);
    for (const core::WorkerId& worker : stopped) {
      pool_->handle(core::WorkerGone{worker, {false, 0}, 0}, now_, actions_);
    }
  }

  void obey() {
    core::Actions actions;
    actions.swap(actions_);
    for (const core::Action& action : actions) {
      std::visit([this](const auto& concrete) { perform(concrete); }, action);
    }
  }
  void perform(const core::Spawn& action) {
    if (action.worker.epoch > 1) started_.push_back(action.worker);
  }
  void perform(const core::Give& action) {
    if (action.worker.epoch > 1) {
      given_later_.push_back(action);
      return;
    }
    gives_.push_back(action);
    CHECK(host_.give(action.ordinal, action.task, action.attempt));
  }
  void perform(const core::AskToStop& action) {
    if (action.worker.epoch > 1) {
      stopped_.push_back(action.worker);
    } else if (!gone_) {
      host_.ask_to_stop();
    }
  }
  void perform(const core::Kill& action) {
    if (action.worker.epoch > 1) {
      stopped_.push_back(action.worker);
    } else {
      fault = "the core kills the worker";
    }
  }
  void perform(const core::RecordFailure& action) { failures_.push_back(action); }
  template <class Other>
  void perform(const Other&) {}

  os::ChannelHost host_;
  std::string brief_;
  WorkerPage* words_ = nullptr;
  int bell_ = -1;
  std::unique_ptr<core::Pool> pool_;
  core::Actions actions_;
  TimePoint now_ = TimePoint{} + std::chrono::hours(1);
  std::unique_ptr<TracedChild> child_;
  bool gone_ = false;
  std::set<TaskIndex> accepted_;
  std::size_t accepted_twice_ = 0;
  std::vector<core::Give> gives_;
  std::vector<core::Give> given_later_;
  std::vector<core::WorkerId> started_;
  std::vector<core::WorkerId> stopped_;
  std::vector<core::RecordFailure> failures_;
};

// Where a life is cut short: after so many steps, and so many instructions into the bulk work
// there.
struct Cut {
  std::uint64_t steps = 0;
  std::uint64_t into = 0;
  auto operator<=>(const Cut&) const = default;
};

// A life that nobody cuts short.
struct Whole {
  std::uint64_t steps = 0;  // up to the end's first
  // By ordinal: the worker's position in the ring once that world's result is complete.
  std::map<LeaseOrdinal, std::uint64_t> complete_at;
  std::size_t before = 0;  // results taken before the stepping began
  std::set<Cut> telling;   // where something happens
};

void begin(Life& life, const Story& story) {
  if (story.calm != kFromStart) life.play_calmly(story.calm);
}

Whole whole_life(const Story& story) {
  Whole whole;
  Life life(story);
  std::uint64_t end = 0;
  begin(life, story);
  whole.before = life.accepted().size();
  const LeaseOrdinal last_before = life.begun();
  std::string seen = life.visible();
  while (true) {
    if (life.is_at_bulk_work()) {
      for (const std::uint64_t into : {1U, 10U, 100U}) whole.telling.insert({whole.steps, into});
    }
    if (!life.step()) break;
    if (life.phase() == Phase::stopping && ++end > kStepsOfTheEnd) continue;
    ++whole.steps;
    if (life.begun() > last_before) whole.complete_at[life.begun()] = life.tail();
    if (life.visible() == seen) continue;
    seen = life.visible();
    for (const std::uint64_t later : {0U, 1U, 2U})
      whole.telling.insert({whole.steps - 1 + later, 0});
  }
  CHECK(life.fault == "");
  CHECK(life.accepted().size() == story.worlds);
  CHECK(life.failures().empty());
  return whole;
}

// What became of the kills in one phase of the worker's life.
struct Fates {
  std::uint64_t kills = 0;
  std::uint64_t charged = 0;  // the world being played was charged
  std::uint64_t kept = 0;     // a result that was still in the ring was counted
};
using FatesByPhase = std::map<Phase, Fates>;

std::string kill_at(const Story& story, const Cut& cut, const Whole& whole, FatesByPhase& fates) {
  Life life(story);
  begin(life, story);
  for (std::uint64_t step = 0; step < cut.steps; ++step) {
    if (life.step()) continue;
    // some steps shorter than the whole life: it needs not look up as many symbols again
    return life.accepted().size() == story.worlds ? ""
                                                  : "the worker ended before its work was done";
  }
  life.enter_bulk_work(cut.into);
  life.kill();
  // the truth, before anybody recovers
  const std::uint64_t tail = life.tail();
  const LeaseOrdinal begun = life.begun();
  const auto now_complete =
      std::count_if(whole.complete_at.begin(), whole.complete_at.end(),
                    [tail](const auto& entry) { return entry.second <= tail; });
  const std::size_t complete = whole.before + static_cast<std::size_t>(now_complete);
  const std::size_t before = life.accepted().size();
  const bool in_play = begun > complete;

  life.recover();
  Fates& fate = fates[life.phase()];
  ++fate.kills;
  if (in_play) ++fate.charged;
  if (life.accepted().size() > before) ++fate.kept;
  if (!life.fault.empty()) return life.fault;
  if (life.accepted().size() != complete)
    return "a published result was lost or an unpublished one counted";
  if (life.failures().size() != (in_play ? 1 : 0)) return "charged wrongly";
  if (in_play && life.failures().front().task != life.gives().at(begun - 1).task) {
    return "another world was charged";
  }
  life.play_to_the_end();
  if (!life.finished() || life.accepted().size() != story.worlds)
    return "not all worlds were played";
  if (life.accepted_twice() > 0) return "a world was counted twice";
  return life.fault;
}

// The distance between two kills: such that all of them together stay within kMostSteps.
std::uint64_t stride_for(std::uint64_t steps) {
  const std::uint64_t wanted = steps * steps / (2 * kMostSteps);
  return stride("JOUST_STEP_EVERY", wanted | 1);  // odd, so as not to keep in step with loops
}

void sweep(const Story& story) {
  const Whole whole = whole_life(story);
  const std::uint64_t every = stride_for(whole.steps);
  FatesByPhase fates;
  std::set<Cut> cuts = whole.telling;
  for (std::uint64_t steps = 0; steps < whole.steps; steps += every) cuts.insert({steps, 0});
  for (const Cut& cut : cuts) {
    const std::string wrong = kill_at(story, cut, whole, fates);
    if (wrong.empty()) continue;
    FAIL_CHECK(fmt::format("{}: killed {} instructions after step {}: {}", story.name, cut.into,
                           cut.steps, wrong));
  }
  constexpr std::array<const char*, 5> kPhases = {"starting", "idle", "playing", "publishing",
                                                  "stopping"};
  fmt::print("{}: {} steps; killed after every {}, and {} times where something happens\n",
             story.name, whole.steps, every, whole.telling.size());
  for (const auto& [phase, fate] : fates) {
    fmt::print("  {:<10} {:>7} kills, {:>7} charged, {:>7} with a result kept\n",
               kPhases.at(static_cast<std::size_t>(phase)), fate.kills, fate.charged, fate.kept);
  }
}

TEST_CASE("a worker killed at any instruction of its start") {
  sweep({"start-up", 0, 2, kFromStart});
}
TEST_CASE("a worker killed at any instruction of small worlds, and of its end") {
  sweep({"small results", 0, 4});
}
TEST_CASE("a worker killed at any instruction while its results wrap around the ring's end") {
  sweep({"results across the wrap", 12 << 10, 6, 4});
}
TEST_CASE("a worker killed at any instruction of results in several fragments") {
  sweep({"fragmented results", 40 << 10, 2});
}
TEST_CASE("a worker killed at any instruction of a result that does not fit into the ring") {
  sweep({"full ring", 150 << 10, 2});
}

}  // namespace
}  // namespace joust::test
