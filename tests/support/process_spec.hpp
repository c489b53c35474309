#pragma once
// Spec files for tests that play real tournaments, and what such a tournament leaves behind.

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/world.hpp"
#include "runner/journal/journal.hpp"

namespace joust::test {

struct SpecText {
  std::string world = "noop";
  std::string name = "t";
  int seed = 1;
  int configs = 1;  // with two seats and two competitors: two worlds for each
  std::vector<std::string> competitors = {"A", "B"};
  std::string type = "Any";   // of all competitors
  std::string parameters;     // lines of [world.parameters]
  std::string of_world;       // more lines of [world]
  std::string of_workers;     // lines of [workers]
  std::string of_tournament;  // more lines of [tournament]
};

std::string to_toml(const SpecText& spec);

// Worlds of the prisoner's dilemma, each of `rounds` rounds: about 10 us for a hundred of them.
SpecText dilemma(int configs, int rounds);

// Worlds that keep a core busy for that long ("300ms").
SpecText busy_worlds(int configs, const std::string& work);

// Writes the spec as FOLDER/NAME.toml.
std::filesystem::path write_spec(const std::filesystem::path& folder, const SpecText& spec);

// Every file under a folder, path relative to it -> content.
std::map<std::string, std::string> files_under(const std::filesystem::path& folder);

// Every file of the tables in a run directory that must not depend on luck: all but those with
// times in them. Throws when there is none.
std::map<std::string, std::string> tables_of(const std::filesystem::path& run_dir);

// `joust report DIR --format json`. Throws when it fails.
nlohmann::json report_of(const std::filesystem::path& run_dir);

// DIR/events.jsonl, as far as its lines are whole.
std::vector<nlohmann::json> events_of(const std::filesystem::path& run_dir);

// Results that are committed, read from the journal while it is written; 0 before there is one.
std::uint64_t results_in(const std::filesystem::path& run_dir);

std::vector<journal::FailedAttempt> failed_attempts_of(const std::filesystem::path& run_dir);

// All results of a run, by task.
std::vector<WorldResult> results_of(const std::filesystem::path& run_dir);

// Gives the result of task `to` to task `from`, as if it had been recorded so.
void exchange_results(const std::filesystem::path& run_dir, TaskIndex from, TaskIndex to);

}  // namespace joust::test
