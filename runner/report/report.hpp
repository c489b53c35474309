#pragma once
// What happened in a run, gathered once from its journal and its folder; report_text.hpp and
// summary_json.hpp show it.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/cause.hpp"
#include "runner/report/run_record.hpp"
#include "runner/scoring/standings.hpp"

namespace joust::report {

enum class RunState {
  running,      // a supervisor holds the run directory
  interrupted,  // nobody does, and worlds are left to play: resumable
  finished,     // every world is done or quarantined
};

std::string_view state_name(RunState state);

// What became of a world of which an attempt failed.
enum class Fate { quarantined, open, recovered };

// The attempts that ended with one cause. A world that failed in two ways counts under both.
struct CauseSummary {
  Cause cause = Cause::crashed;
  std::uint64_t attempts = 0;
  std::uint64_t worlds = 0;  // recovered + quarantined + open
  std::uint64_t recovered = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t open = 0;
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
  std::string log;                      // relative to the run directory; empty: nothing was printed
  std::vector<std::string> last_words;  // printable
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
  std::vector<journal::Session> sessions;
  std::vector<CauseSummary> failures;  // by cause; only those that happened
  std::uint64_t failed_attempts = 0;
  std::vector<TroubledWorld> worst;  // quarantined first, then by the number of attempts
  WorkerSummary workers;
  std::filesystem::path tables;
  bool tables_written = false;
  bool has_logs = false;  // of failed attempts, in attempts/
};

struct ReportOptions {
  std::string dir;                // the run directory, as the user gave it
  std::string program = "joust";  // as the user calls it
  bool lock_held = false;         // a supervisor works on it now
  std::size_t worst = 5;          // worlds to show with their last words
  std::size_t last_lines = 3;
};

// Reads the results once and the failed attempts twice. Throws JournalError.
Report build_report(const ReportOptions& options, const Tournament& tournament, const Plan& plan,
                    const RunRecord& record);

// "winner (of 743 of 756 worlds; 13 missing): Ann": never the name without what it rests on.
std::string winner_line(const Report& report);

}  // namespace joust::report
