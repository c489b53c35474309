#pragma once
// What happened in a run, gathered once from its journal and its folder; report_text.hpp and
// summary_json.hpp show it.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/cause.hpp"
#include "runner/report/cost.hpp"
#include "runner/report/run_record.hpp"
#include "runner/report/sessions.hpp"
#include "runner/scoring/standings.hpp"

namespace joust::report {

enum class RunState {
  running,      // a supervisor holds the run directory
  interrupted,  // nobody does, and worlds are left to play: resumable
  finished,     // every world is done or quarantined
};

std::string_view state_name(RunState state);
RunState state_of(bool lock_held, const scoring::Coverage& coverage);

// What became of a world of which an attempt failed.
enum class Fate { quarantined, open, recovered, voided };

// The attempts that ended with one cause. A world that failed in two ways counts under both.
struct CauseSummary {
  Cause cause = Cause::crashed;
  std::uint64_t attempts = 0;
  std::uint64_t worlds = 0;  // recovered + quarantined + open + voided
  std::uint64_t recovered = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t open = 0;
  std::uint64_t voided = 0;
};

// A world that cost attempts, with the evidence of the last one that failed.
struct TroubledWorld {
  TaskIndex task = 0;
  std::string run_id;
  std::vector<std::string> seated;  // competitors, by seat
  Fate fate = Fate::open;
  std::uint64_t failed_attempts = 0;
  AttemptNumber attempt = 0;
  Cause cause = Cause::crashed;
  std::string detail;                   // printable
  std::optional<std::string> culprit;   // the competitor that the evidence names; printable
  std::string log;                      // relative to the run directory; empty: nothing was printed
  std::vector<std::string> last_words;  // printable
  std::string stack;                    // relative to the run directory; empty: none was taken
  std::vector<std::string> frames;      // the top of it, printable
};

// What one competitor had to do with the failed attempts that count towards quarantine.
struct CompetitorFailures {
  std::uint32_t competitor = 0;   // index into WorldSetup::competitors
  std::string name;               // printable
  std::uint64_t charged = 0;      // the evidence names it
  std::uint64_t sat_in = 0;       // it sat in the world, charged or not; that alone proves nothing
  std::uint64_t quarantined = 0;  // worlds given up in which it sat
};

// The ranking under one assumption about the worlds that have no result.
struct SensitivityCase {
  struct Place {
    std::uint32_t rank = 0;  // 0: no value
    std::string name;
    double value = 0;
  };
  std::string assumption;      // "missing worlds are left out", "the culprit gets 0"
  std::vector<Place> ranking;  // best first
};
struct Sensitivity {
  std::vector<SensitivityCase> cases;  // empty: of no missing world it is known whose fault it is
  std::uint64_t unblamed = 0;          // missing worlds that are nobody's, also those that are not
                                       // played yet: left out in all cases
};

// A counted world in which a competitor gave up.
struct Forfeit {
  TaskIndex task = 0;
  std::string run_id;
  std::string competitor;  // printable
  std::string reason;      // printable
};

struct WorkerSummary {
  std::uint64_t started = 0;
  std::uint64_t lost = 0;
  std::uint64_t injured = 0;  // of these, by joust itself (--chaos)
  std::map<std::string, std::uint64_t> lost_by_ending;
};

struct Report {
  std::string name;
  std::string world;
  std::uint64_t seed = 0;
  std::string dir;                // as the user gave it
  std::string program = "joust";  // as the user calls it
  RunState state = RunState::running;
  scoring::Standings standings;
  std::optional<Sensitivity> sensitivity;  // nothing when no world is missing
  std::vector<std::string> disqualified;   // a line for each competitor that is out
  std::vector<std::string> damage;         // what of the journal could not be read
  PlanShape shape;
  std::optional<std::uint32_t> pool_size;  // of the last session
  std::vector<SessionSummary> sessions;
  Cost cost;
  std::vector<CauseSummary> failures;             // by cause; only those that happened
  std::vector<CompetitorFailures> by_competitor;  // by index; all of them
  std::vector<Forfeit> forfeits;                  // the first ones, by task
  std::uint64_t failed_attempts = 0;
  std::vector<TroubledWorld> worst;  // quarantined first, then by the number of attempts
  WorkerSummary workers;
  std::filesystem::path tables;
  bool tables_written = false;
  std::filesystem::path page;  // report.html; empty: it is not there, or older than the run's end
  bool has_logs = false;       // of failed attempts, in attempts/
};

inline constexpr std::string_view kPageFile = "report.html";

struct ReportOptions {
  std::string dir;                // the run directory, as the user gave it
  std::string program = "joust";  // as the user calls it
  bool lock_held = false;         // a supervisor works on it now
  std::size_t worst = 40;         // worlds to show with their last words, and forfeits
  std::size_t last_lines = 3;
  std::size_t frames = 5;  // of their stacks
};

// Reads the results once and the failed attempts twice. Throws JournalError.
Report build_report(const ReportOptions& options, const Tournament& tournament, const Plan& plan,
                    const RunRecord& record);

// Why the standings are not final, or nothing when they are.
std::optional<std::string> partial_line(const Report& report);

// "DAMAGED: ..." when part of the journal could not be read: what is missing may have been played.
std::optional<std::string> damage_line(const Report& report);

// "756 worlds", "95 worlds of shard 3/8".
std::string expected_worlds(const scoring::Coverage& coverage);

// "of 743 of 756 worlds; 13 missing": what the standings rest on.
std::string basis(const scoring::Coverage& coverage);

// Of those that are not disqualified, who has the fewest scores and who the most; nothing when all
// have the same number.
struct UnequalCoverage {
  const scoring::Standing* least = nullptr;
  const scoring::Standing* most = nullptr;
};
std::optional<UnequalCoverage> coverage_extremes(const scoring::Standings& standings);

// "UNEQUAL COVERAGE: ..." when competitors have different numbers of scores.
std::optional<std::string> unequal_coverage(const scoring::Standings& standings);

// "DISQUALIFIED: ..." for each competitor that is out.
std::vector<std::string> disqualified_lines(const scoring::Standings& standings, const Plan& plan);

// Why there are no intervals and no probabilities of ranks; nothing when there are.
std::optional<std::string> why_no_intervals(const scoring::Standings& standings);

// "FEW BLOCKS: ..." when the intervals rest on too few configurations, "NO INTERVALS: ..." when
// there are none.
std::optional<std::string> intervals_alarm(const scoring::Standings& standings);

// All cases have the same winners.
bool same_winners(const Sensitivity& sensitivity);

// Worlds that were given up and of which no culprit is known.
std::uint64_t given_up_unblamed(const Report& report);

// What is known of how sure a competitor's place is; nothing when nothing was drawn.
const scoring::CompetitorInference* inference_of(const scoring::Standings& standings,
                                                 std::uint32_t competitor);

// "1", "2=" where it is shared, "-" without a value, "DQ" of who was disqualified.
std::string rank_text(const scoring::Standing& standing);

// The mark of those who are not first, but whom the data do not separate from the winner.
bool is_near_winner(const scoring::Standing& standing, const scoring::CompetitorInference& sure);

// "Ann 12, Bob 1": who gave up in how many counted worlds; empty: nobody did. Printable.
std::string forfeit_counts(const Report& report);

// "quarantined", "not done yet", "recovered", "void".
std::string_view fate_text(Fate fate);

// The path as a file of the run directory; empty when it is empty or leads out of the folder.
std::filesystem::path inside(const std::filesystem::path& run_dir, const std::string& relative);

// The winner's line in its two halves; printable.
struct WinnerWords {
  std::string title;  // "winner (of 743 of 756 worlds; 13 missing)"
  std::string names;  // "Ann"; or why there is none
};
WinnerWords winner_words(const Report& report);

// "winner (of 743 of 756 worlds; 13 missing): Ann": never the name without what it rests on.
std::string winner_line(const Report& report);

}  // namespace joust::report
