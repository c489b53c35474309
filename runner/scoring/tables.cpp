#include "runner/scoring/tables.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "runner/scoring/file_set.hpp"
#include "runner/scoring/pair_tests.hpp"
#include "runner/scoring/per_run_files.hpp"
#include "runner/scoring/score_tables.hpp"
#include "runner/scoring/stats_tables.hpp"

namespace joust::scoring {

std::filesystem::path tables_folder(const std::filesystem::path& run_dir,
                                    const Tournament& tournament) {
  return run_dir / (tournament.name + "-stage-0001");
}

std::vector<std::string> agent_types(const std::vector<Competitor>& competitors) {
  std::set<std::string> taken;
  for (const Competitor& competitor : competitors) {
    if (competitor.name.find('.') == std::string::npos) taken.insert(competitor.name);
  }
  std::vector<std::string> types;
  for (const Competitor& competitor : competitors) {
    std::string type = competitor.name;
    if (type.find('.') != std::string::npos) {
      std::replace(type.begin(), type.end(), '.', '_');
      while (!taken.insert(type).second) type += '_';
    }
    types.push_back(std::move(type));
  }
  return types;
}

Standings write_tables(const std::filesystem::path& folder, const Tournament& tournament,
                       const Plan& plan, const ResultSource& source, const TableOptions& options) {
  make_folder(folder);
  const std::vector<std::string> types = agent_types(tournament.setup.competitors);
  FileSet files(folder);

  WorldStatsReader worlds(plan, types, options.reproducible);
  ScoresTable scores(files.add("scores.csv"));
  StatsTables stats(files.add("world_stats.csv"), files.add("type_stats.csv"),
                    files.add("agent_stats.csv"));
  std::optional<PerRunFiles> per_run;
  if (options.per_run) {
    per_run.emplace(files.add("assigned_configs.json"), folder, tournament.name,
                    options.reproducible ? std::filesystem::path() : absolute(folder));
  }
  StandingsOptions wanted;
  wanted.inference = false;
  wanted.pair_tests = true;
  wanted.culprits = options.culprits;
  Standings standings =
      compute_standings(tournament, plan, source, wanted, [&](const CountedWorld& counted) {
        const WorldStats& world = worlds.read(counted);
        scores.add(world);
        stats.add(world);
        if (per_run) per_run->add(world);
      });
  if (per_run) per_run->finish();

  write_total_scores(files.add("total_scores.csv"), standings, types);
  write_winners(files.add("winners.csv"), standings, types);
  write_score_stats(files.add("score_stats.csv"), standings, types);
  write_tstats(files.add("tstats.csv"), standings.tests, types);
  write_kstats(files.add("kstats.csv"), standings.tests, types);
  files.add(kParamsFile).write(params_json(tournament, plan));
  files.commit(Sync::disk);
  return standings;
}

}  // namespace joust::scoring
