#include "sim_scenario.hpp"

#include "sim_random.hpp"

namespace joust::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kScenarioStream = 1;
constexpr std::uint64_t kAttemptStream = 2;
constexpr std::uint64_t kTaskStream = 3;
constexpr std::uint64_t kTemperStream = 4;
constexpr std::uint64_t kStrikeStream = 7;
constexpr std::uint64_t kMemoryStream = 8;
constexpr std::uint64_t kTaskMemoryStream = 9;

Scenario common_scenario(std::uint64_t seed, Random& random) {
  Scenario scenario;
  scenario.seed = seed;
  scenario.tasks = random.percent(10) ? random.between(100, 600) : random.between(0, 24);
  PoolOptions& options = scenario.options;
  options.workers = static_cast<std::uint32_t>(random.between(1, 5));
  options.attempts = static_cast<std::uint32_t>(random.between(1, 4));
  options.retry_backoff = random.percent(20) ? 0ms : random.of_any_size(1ms, 10s);
  options.stall_timeout = random.between(Duration(2s), Duration(30s));
  options.frozen_timeout = random.between(Duration(2s), Duration(10s));
  options.world_deadline = 20 * options.stall_timeout;
  options.start_timeout = random.between(Duration(5s), Duration(30s));
  scenario.longest_world =
      random.percent(50) ? Duration(100us) : random.of_any_size(1ms, options.world_deadline / 3);
  scenario.commit_delay = random.percent(80) ? Duration(5ms) : random.of_any_size(5ms, 30s);
  return scenario;
}

// A machine whose memory is looked at: it has enough for one usual worker.
void add_memory(Scenario& scenario, std::uint64_t seed) {
  Random random = Random::of({kMemoryStream, seed});
  if (!random.percent(30)) return;
  PoolOptions& options = scenario.options;
  options.watch_memory = true;
  if (random.percent(70)) options.ramp = static_cast<std::uint32_t>(random.between(1, 3));
  if (random.percent(30)) options.recycle_after = random.between(1, 10);
  scenario.memory = random.between(2, 12) * kMostOfUsualTask;
  // a world that lasts hours is looked at too often for a test
  scenario.longest_world = std::min<Duration>(scenario.longest_world, 1min);
  if (scenario.healthy) return;
  if (random.percent(50)) options.memory_limit = 2 * kMostOfUsualTask;
  if (random.percent(30)) options.recycle_above = random.between(kIdleMemory, kMostOfUsualTask);
  scenario.big_tasks = random.percent(50) ? 0 : random.below(30);
  scenario.leaks = random.percent(50) ? 0 : random.below(50);
}

AttemptPlan good_plan(const Scenario& scenario, Random& random) {
  AttemptPlan plan;
  plan.lasts = random.of_any_size(1us, std::max<Duration>(scenario.longest_world, 2us));
  if (random.percent(60)) {
    plan.beat_period = random.between(Duration(1us), scenario.options.stall_timeout / 4);
  }
  plan.quiet_from = plan.lasts;
  return plan;
}

void add_stop(const Scenario& scenario, Random& random, AttemptPlan& plan) {
  const Duration frozen = scenario.options.frozen_timeout;
  plan.stops_after = random.between(Duration(0), plan.lasts);
  plan.pause = plan.fate == Fate::pause ? random.between(Duration(1ms), frozen / 2) : 1000h;
}

}  // namespace

Scenario chaos(std::uint64_t seed) {
  Random random = Random::of({kScenarioStream, seed});
  Scenario scenario = common_scenario(seed, random);
  PoolOptions& options = scenario.options;
  if (random.percent(30)) options.terminate_grace = random.of_any_size(1ms, 20s);
  if (random.percent(10)) options.total_deadline = random.of_any_size(1s, 1h);
  if (random.percent(30)) {
    options.max_deaths_without_progress = static_cast<std::uint32_t>(random.between(1, 12));
  }
  const bool large = scenario.tasks > 24;
  scenario.attempt_faults = random.percent(20) ? 0 : random.below(large ? 10 : 70);
  scenario.poison = random.percent(50) ? 0 : random.below(large ? 5 : 60);
  scenario.worker_faults = random.percent(50) ? 0 : random.below(60);
  scenario.stubborn = random.percent(70) ? 0 : random.below(60);
  scenario.oversleeps = random.percent(60) ? 0 : random.below(60);
  scenario.journal_trouble = random.percent(60) ? 0 : random.below(80);
  scenario.user_stops = random.percent(50) ? 0 : random.below(90);
  scenario.supervisor_kills = random.percent(60) ? 0 : random.below(90);
  if (random.percent(30)) {
    scenario.disqualify_after = static_cast<std::uint32_t>(random.between(1, large ? 20 : 3));
    scenario.strikes = random.below(80);
  }
  add_memory(scenario, seed);
  return scenario;
}

const Plan& seating() {
  static const Plan kPlan(
      PlanShape{.competitors = 4, .per_world = 2, .configs = 60, .runs = 1, .seed = 1});
  return kPlan;
}

std::optional<std::uint32_t> struck_seat(const Scenario& scenario, TaskIndex task) {
  Random random = Random::of({kStrikeStream, scenario.seed, task});
  if (!random.percent(scenario.strikes)) return std::nullopt;
  // mostly of the first two competitors, so that some are left
  std::vector<std::uint32_t> seats;
  seating().seats(seating().cell(task), seats);
  for (std::uint32_t seat = 0; seat < seats.size(); ++seat) {
    if (seats[seat] < 2 || random.percent(5)) return seat;
  }
  return std::nullopt;
}

Scenario healthy(std::uint64_t seed) {
  Random random = Random::of({kScenarioStream, seed, 1});
  Scenario scenario = common_scenario(seed, random);
  scenario.healthy = true;
  scenario.oversleeps = random.below(100);
  scenario.journal_trouble = random.percent(50) ? 0 : 50;
  scenario.user_stops = random.percent(50) ? 0 : 80;
  scenario.supervisor_kills = random.percent(80) ? 0 : 50;
  add_memory(scenario, seed);
  return scenario;
}

std::uint64_t task_memory(const Scenario& scenario, TaskIndex task) {
  Random random = Random::of({kTaskMemoryStream, scenario.seed, task});
  if (!random.percent(scenario.big_tasks)) return random.below(kMostOfUsualTask - kIdleMemory);
  return random.percent(70) ? 3 * kMostOfUsualTask : 2 * scenario.memory;
}

AttemptPlan attempt_plan(const Scenario& scenario, TaskIndex task, AttemptNumber attempt) {
  Random random = Random::of({kAttemptStream, scenario.seed, task, attempt});
  const bool poisoned = Random::of({kTaskStream, scenario.seed, task}).percent(scenario.poison);
  AttemptPlan plan = good_plan(scenario, random);
  if (scenario.spared.contains(task)) return plan;
  if (!poisoned && !random.percent(scenario.attempt_faults)) {
    if (scenario.healthy && random.percent(5))
      plan.fate = random.percent(50) ? Fate::pause : Fate::starve;
  } else {
    plan.fate = static_cast<Fate>(random.between(1, kFates - 1));
  }
  const PoolOptions& options = scenario.options;
  if (plan.fate == Fate::freeze || plan.fate == Fate::pause) add_stop(scenario, random, plan);
  if (plan.fate == Fate::hang_silent) plan.beat_period = Duration::zero();
  const bool goes_quiet = plan.fate == Fate::hang_spinning || plan.fate == Fate::hang_blocked ||
                          plan.fate == Fate::hang_in_kernel || plan.fate == Fate::starve;
  if (goes_quiet) {
    plan.beat_period = random.between(Duration(1us), options.stall_timeout / 4);
    plan.lasts = plan.quiet_from = plan.beat_period * (1 + random.below(4));
  }
  if (plan.fate == Fate::starve) {
    plan.lasts = plan.quiet_from + random.between(options.stall_timeout, 5 * options.stall_timeout);
  }
  if (plan.fate == Fate::dawdle) {
    plan.lasts = plan.quiet_from = options.world_deadline + random.of_any_size(1us, 5s);
    plan.beat_period = options.stall_timeout / 4;
  }
  return plan;
}

Temper temper(const Scenario& scenario, unsigned session, const core::WorkerId& id) {
  Random random = Random::of({kTemperStream, scenario.seed, session, id.slot, id.epoch});
  Temper temper;
  temper.start_delay = random.of_any_size(1ms, 1s);
  temper.kill_delay = random.between(Duration(10us), Duration(3ms));
  if (session >= scenario.calm_from) return temper;
  if (random.percent(scenario.stubborn)) temper.kill_delay = random.of_any_size(1s, 10h);
  if (!random.percent(scenario.worker_faults)) return temper;
  switch (random.below(8)) {
    case 0:
      temper.start = Start::never_ready;
      break;
    case 1:
      temper.start = Start::exits;
      break;
    case 2:
      temper.start = Start::spawn_fails;
      break;
    case 3:
      temper.start = random.percent(10) ? Start::cannot_build : Start::exits;
      break;
    case 4:
      temper.deaf = true;
      break;
    case 5:
      temper.exit_code = 3;
      break;
    case 6:
      temper.start_delay = scenario.options.start_timeout / 2;
      break;
    default:
      temper.own_death = random.of_any_size(2ms, 10min);
      break;
  }
  return temper;
}

bool fits(Fate fate, Cause cause) {
  switch (fate) {
    case Fate::finish:
    case Fate::pause:
    case Fate::starve:
    case Fate::finish_then_die:
    case Fate::claim_twice:
      return false;
    case Fate::crash:
      return cause == Cause::crashed;
    case Fate::leave:
      return cause == Cause::exited;
    case Fate::hang_silent:
    case Fate::dawdle:
      return cause == Cause::timed_out;
    case Fate::hang_spinning:
    case Fate::hang_blocked:
    case Fate::hang_in_kernel:
      return cause == Cause::stalled;
    case Fate::freeze:
      return cause == Cause::frozen;
    case Fate::world_error:
      return cause == Cause::world_error;
    case Fate::result_too_large:
      return cause == Cause::result_too_large;
    case Fate::claim_other_task:
    case Fate::claim_other_lease:
    case Fate::garbage:
      return cause == Cause::protocol_violation;
  }
  return false;
}

}  // namespace joust::sim
