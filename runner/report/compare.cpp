#include "runner/report/compare.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "common/hash.hpp"
#include "common/result_codec.hpp"
#include "runner/report/failures.hpp"

namespace joust::report {
namespace {

struct Digest {
  TaskIndex task = 0;
  std::uint64_t hash = 0;  // of the result
};

std::vector<KeyDifference> differing_keys(const std::map<std::string, std::string>& first,
                                          const std::map<std::string, std::string>& here) {
  std::set<std::string> keys;
  for (const auto* map : {&first, &here}) {
    for (const auto& [key, value] : *map) keys.insert(key);
  }
  const auto value_in = [](const auto& map, const std::string& key) -> std::optional<std::string> {
    const auto found = map.find(key);
    if (found == map.end()) return std::nullopt;
    return found->second;
  };
  std::vector<KeyDifference> differences;
  for (const std::string& key : keys) {
    KeyDifference difference{key, value_in(first, key), value_in(here, key)};
    if (difference.first != difference.here) differences.push_back(std::move(difference));
  }
  return differences;
}

bool same_worlds(const RunToCompare& a, const RunToCompare& b) {
  const PlanShape& left = a.plan->shape();
  const PlanShape& right = b.plan->shape();
  const auto same_name = [](const Competitor& x, const Competitor& y) { return x.name == y.name; };
  return left.competitors == right.competitors && left.per_world == right.per_world &&
         left.configs == right.configs && left.runs == right.runs && left.seed == right.seed &&
         std::ranges::equal(a.tournament->setup.competitors, b.tournament->setup.competitors,
                            same_name);
}

// Goes through the worlds of the first run while another is read, both by task. `on_change` sees
// the worlds that differ; different results are called details until they are looked at.
template <class OnChange>
class Pace {
 public:
  Pace(const std::vector<Digest>& first, OnChange on_change)
      : next_(first.begin()), end_(first.end()), on_change_(on_change) {}

  // The next world of the other run.
  void pass(const Digest& here) {
    while (next_ != end_ && next_->task < here.task) only_in_first();
    if (next_ == end_ || next_->task != here.task) {
      on_change_(here.task, WorldChange::only_here);
      return;
    }
    if (next_->hash == here.hash) {
      ++equal_;
    } else {
      on_change_(here.task, WorldChange::details);
    }
    ++next_;
  }

  // There is no more. How many worlds are equal.
  std::uint64_t finish() {
    while (next_ != end_) only_in_first();
    return equal_;
  }

 private:
  void only_in_first() { on_change_((next_++)->task, WorldChange::only_in_first); }

  std::vector<Digest>::const_iterator next_;
  std::vector<Digest>::const_iterator end_;
  OnChange on_change_;
  std::uint64_t equal_ = 0;
};

// The scores of some worlds, read from a record.
std::map<TaskIndex, WorldResult> results_of(const RunRecord& record,
                                            const std::vector<WorldDifference>& worlds) {
  std::map<TaskIndex, WorldResult> results;
  if (worlds.empty()) return results;
  std::set<TaskIndex> wanted;
  for (const WorldDifference& world : worlds) wanted.insert(world.task);
  record.for_each_result([&](const journal::ResultRow& row) {
    if (!wanted.contains(row.task)) return;
    if (auto result = decode_result(row.encoded)) results[row.task] = std::move(*result);
  });
  return results;
}

double score_in(const WorldResult* result, std::size_t seat) {
  const bool has_score = result != nullptr && seat < result->seats.size();
  return has_score ? result->seats[seat].score : std::numeric_limits<double>::quiet_NaN();
}

bool same_score(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void fill_seats(WorldDifference& world, const RunToCompare& run, const WorldResult* first,
                const WorldResult* here) {
  std::vector<std::uint32_t> seats;
  run.plan->seats(run.plan->cell(world.task), seats);
  for (std::uint32_t seat = 0; seat < seats.size(); ++seat) {
    const double a = score_in(first, seat);
    const double b = score_in(here, seat);
    if (same_score(a, b)) continue;
    world.seats.push_back({seat, run.tournament->setup.competitors[seats[seat]].name, a, b});
  }
  if (world.change == WorldChange::details && !world.seats.empty()) {
    world.change = WorldChange::scores;
  }
}

class Comparer {
 public:
  Comparer(const std::vector<RunToCompare>& runs, std::size_t examples)
      : runs_(runs), examples_(examples) {}

  Comparison compare() {
    Comparison comparison;
    for (const RunToCompare& run : runs_) comparison.runs.push_back(compare_one(run));
    return comparison;
  }

 private:
  ComparedRun compare_one(const RunToCompare& run) {
    ComparedRun compared;
    compared.dir = run.dir;
    compared.name = run.tournament->name;
    compared.seed = run.plan->shape().seed;
    if (&run == &runs_.front()) {
      read(run, compared, [this](const Digest& digest) { first_.push_back(digest); });
    } else {
      compared.difference = read_beside_first(run, compared);
    }
    compared.disqualified = disqualified_lines(compared.standings, *run.plan);
    compared.state = state_of(run.lock_held, compared.standings.coverage);
    return compared;
  }

  // Fills in the standings; `visit` sees all worlds by task.
  template <class Visit>
  static void read(const RunToCompare& run, ComparedRun& compared, Visit visit) {
    scoring::StandingsOptions wanted;
    wanted.culprits = disqualifying_culprits(*run.record, *run.tournament, *run.plan);
    compared.standings = scoring::compute_standings(
        *run.tournament, *run.plan, *run.record, wanted, [&](const scoring::CountedWorld& world) {
          visit({world.row.task, hash_without_seat_counters(world.row.encoded)});
        });
  }

  // Only the first run's worlds are in memory: those of this one are looked at as they come.
  RunDifference read_beside_first(const RunToCompare& run, ComparedRun& compared) const {
    const RunToCompare& first = runs_.front();
    RunDifference result;
    result.keys = differing_keys(first.deciding, run.deciding);
    result.is_comparable = same_worlds(first, run);
    if (!result.is_comparable) {
      read(run, compared, [](const Digest&) {});
      return result;
    }
    Pace pace(first_, [&](TaskIndex task, WorldChange change) {
      ++(change == WorldChange::only_in_first ? result.only_in_first
         : change == WorldChange::only_here   ? result.only_here
                                              : result.different);
      if (result.examples.size() >= examples_) return;
      result.examples.push_back({task, run.plan->run_id(task), change, {}});
    });
    read(run, compared, [&pace](const Digest& digest) { pace.pass(digest); });
    result.equal = pace.finish();
    look_at(result.examples, run);
    return result;
  }

  void look_at(std::vector<WorldDifference>& examples, const RunToCompare& run) const {
    const auto there = results_of(*runs_.front().record, examples);
    const auto here = results_of(*run.record, examples);
    for (WorldDifference& world : examples) {
      if (world.change != WorldChange::details) continue;
      const auto a = there.find(world.task);
      const auto b = here.find(world.task);
      fill_seats(world, run, a == there.end() ? nullptr : &a->second,
                 b == here.end() ? nullptr : &b->second);
    }
  }

  const std::vector<RunToCompare>& runs_;
  std::size_t examples_;
  std::vector<Digest> first_;
};

}  // namespace

std::string_view change_name(WorldChange change) {
  constexpr std::array<std::string_view, 4> kNames = {"scores", "details", "only_in_first",
                                                      "only_here"};
  return kNames[static_cast<std::size_t>(change)];
}

bool Comparison::all_same() const {
  return std::all_of(runs.begin(), runs.end(), [](const ComparedRun& run) {
    return !run.difference || run.difference->none();
  });
}

Comparison compare_runs(const std::vector<RunToCompare>& runs, std::size_t examples) {
  return Comparer(runs, examples).compare();
}

}  // namespace joust::report
