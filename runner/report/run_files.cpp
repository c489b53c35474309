#include "runner/report/run_files.hpp"

#include "runner/report/failures_table.hpp"
#include "runner/report/html/html_report.hpp"
#include "runner/scoring/file_set.hpp"
#include "runner/scoring/inference_tables.hpp"

namespace joust::report {
namespace {

constexpr std::string_view kStandingsFile = "standings.csv";
constexpr std::string_view kPairsFile = "pairwise.csv";

scoring::ChargedFailures charged_failures(const Report& report) {
  scoring::ChargedFailures charged;
  for (const CompetitorFailures& each : report.by_competitor) {
    charged[each.competitor] = each.charged;
  }
  return charged;
}

}  // namespace

void write_run_files(const std::filesystem::path& run_dir, const Report& report,
                     const Tournament& tournament, const Plan& plan, const RunRecord& record) {
  scoring::FileSet files(run_dir);
  scoring::write_standings(files.add(kStandingsFile), report.standings, charged_failures(report));
  scoring::write_pairwise(files.add(kPairsFile), report.standings);
  write_failures(files.add(kFailuresFile), tournament, plan, record,
                 report.standings.disqualification);
  files.add(kPageFile).write(html_page(report, tournament, plan, record));
  files.commit(scoring::Sync::disk);
}

void remove_run_files(const std::filesystem::path& run_dir) {
  std::error_code ignored;
  for (const std::string_view name : {kStandingsFile, kPairsFile, kFailuresFile, kPageFile}) {
    std::filesystem::remove(run_dir / name, ignored);
  }
}

std::string html_page(const Report& report, const Tournament& tournament, const Plan& plan,
                      const RunRecord& record) {
  return html_report(report, gather_detail(report, tournament, plan, record));
}

}  // namespace joust::report
