#pragma once
// The tables that users of negmas know, in <run dir>/<name>-stage-0001/. README.md beside this file
// has the columns and every deviation. Same spec and seed and the same worlds done: the same bytes.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runner/scoring/standings.hpp"

namespace joust::scoring {

std::filesystem::path tables_folder(const std::filesystem::path& run_dir,
                                    const Tournament& tournament);

struct TableOptions {
  bool reproducible = false;  // 0 in the place of the times that worlds took, and relative paths
  bool per_run = false;       // also assigned_configs.json and <run id>/results.json
  std::map<TaskIndex, std::uint32_t> culprits = {};  // as in StandingsOptions
};

// Writes all tables into `folder`, which is made where it is missing, each replaced atomically and
// only once all of them are complete, and returns the standings that they show. (Each results.json
// is complete by itself.) One pass over the results. Throws JournalError when a file can not be
// written or a result can not be read.
// REQUIRES: one caller at a time per folder (in a run directory: who holds its lock).
Standings write_tables(const std::filesystem::path& folder, const Tournament& tournament,
                       const Plan& plan, const ResultSource& source,
                       const TableOptions& options = {});

// What the tables call each competitor (agent_type), by its index. Readers take what follows the
// last dot of an agent_type, so dots become underscores; where that would make two competitors one,
// further underscores are appended.
std::vector<std::string> agent_types(const std::vector<Competitor>& competitors);

inline constexpr std::string_view kParamsFile = "params.json";

// Its content: only what decides results, so that it does not depend on the pool.
std::string params_json(const Tournament& tournament, const Plan& plan);

}  // namespace joust::scoring
