#pragma once
// A worker process that exists in fake time only.

#include <deque>
#include <optional>
#include <variant>

#include "runner/core/events.hpp"
#include "sim_scenario.hpp"

namespace joust::sim {

struct ReadyMessage {};
struct NotReadyMessage {};
struct GarbageMessage {};
using Message = std::variant<ReadyMessage, NotReadyMessage, core::ResultClaim, core::AttemptFailed,
                             GarbageMessage>;

class Process {
 public:
  Process(const core::WorkerId& id, const Scenario& scenario, const Temper& temper, TimePoint now);

  // What the supervisor does to it.
  void give(const core::Give& give, TimePoint now);
  void ask_to_stop(TimePoint now);
  void kill(TimePoint now);

  // When it does something by itself next.
  TimePoint next() const;
  // Lets it do everything that is due at `now`.
  void advance(TimePoint now);
  // The whole job was stopped for `gap`.
  void lose(Duration gap);

  // What the supervisor can see of it.
  bool has_messages() const { return !messages_.empty(); }
  Message take_message() {
    Message oldest = std::move(messages_.front());
    messages_.pop_front();
    return oldest;
  }
  bool dead() const { return dead_; }
  core::WorkerGone gone() const { return {id_, end_, begun_, {}, starved_}; }
  std::uint64_t memory() const;  // bytes
  // The kernel ends it, for memory is short.
  void starve();
  core::Sampled sample(TimePoint now) const;
  core::Inspected inspect(TimePoint now);

  // What only the checks can see.
  const core::WorkerId& id() const { return id_; }
  const Temper& temper() const { return temper_; }
  LeaseOrdinal begun() const { return begun_; }
  bool died_by_itself() const { return died_by_itself_; }
  bool misbehaved() const { return misbehaved_; }
  bool starved() const { return starved_; }

 private:
  enum class Activity { starting, idle, playing, hung, exiting };
  struct Playing {
    core::Give give;
    AttemptPlan plan;
    TimePoint begun_at;
    Duration lost{0};  // time it was stopped
    bool has_stopped = false;
  };

  void act(TimePoint now);
  void start_up(TimePoint now);
  void take_next(TimePoint now);
  void meet_fate(TimePoint now);
  void meet_bad_fate(TimePoint now);
  void claim(LeaseOrdinal ordinal, TaskIndex task);
  void fail(Cause cause);
  void stop(TimePoint now);
  void thaw(TimePoint now);
  void die(bool by_signal, int number);
  Duration active(TimePoint now) const;

  core::WorkerId id_;
  const Scenario* scenario_;
  Temper temper_;
  Activity activity_ = Activity::starting;
  std::deque<core::Give> ring_;
  std::deque<Message> messages_;
  std::optional<Playing> playing_;
  LeaseOrdinal begun_ = 0;
  bool stop_asked_ = false;
  TimePoint act_at_;
  TimePoint die_at_ = kNever;
  TimePoint kill_at_ = kNever;
  TimePoint thaw_at_ = kNever;
  std::optional<TimePoint> stopped_at_;
  Duration cpu_{0};
  bool dead_ = false;
  bool died_by_itself_ = false;
  bool misbehaved_ = false;
  bool starved_ = false;
  std::uint64_t kept_ = 0;  // bytes that worlds have not given back
  core::ProcessEnd end_;
};

}  // namespace joust::sim
