#include <fmt/format.h>

#include <algorithm>

#include "runner/report/human.hpp"
#include "runner/report/text_sections.hpp"
#include "runner/report/text_table.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kCompetitors = 10;  // shown, those with the most to do with failures
constexpr std::size_t kWorlds = 5;        // shown, with their evidence
constexpr std::size_t kLongestName = 32;

void print_causes(TextPage& page, const Report& report) {
  page.line();
  const bool any_void = std::any_of(report.failures.begin(), report.failures.end(),
                                    [](const CauseSummary& row) { return row.voided > 0; });
  std::vector<TextColumn> columns = {{"failures", true}, {"attempts"},    {"worlds"},
                                     {"recovered"},      {"quarantined"}, {"open"}};
  if (any_void) columns.push_back({"void"});
  TextTable table(columns);
  for (const CauseSummary& row : report.failures) {
    std::vector<std::string> cells = {std::string(cause_name(row.cause))};
    for (const std::uint64_t count :
         {row.attempts, row.worlds, row.recovered, row.quarantined, row.open}) {
      cells.push_back(std::to_string(count));
    }
    if (any_void) cells.push_back(std::to_string(row.voided));
    table.add(cells);
  }
  table.print(page.out(), TextPage::kWidth, page.paint());
}

// Those who had anything to do with failures: the charged ones first.
std::vector<CompetitorFailures> concerned(const Report& report) {
  std::vector<CompetitorFailures> rows;
  for (const CompetitorFailures& row : report.by_competitor) {
    if (row.charged > 0 || row.sat_in > 0) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::pair(b.charged, b.sat_in) < std::pair(a.charged, a.sat_in);
  });
  return rows;
}

void print_unnamed(TextPage& page, const std::vector<CompetitorFailures>& rows) {
  std::string text =
      "No evidence names a competitor: the failures are charged to the worlds. Sat in failed "
      "attempts (which proves nothing):";
  for (std::size_t i = 0; i < std::min(rows.size(), kCompetitors); ++i) {
    text +=
        fmt::format("{} {} {}", i > 0 ? "," : "", clip(rows[i].name, kLongestName), rows[i].sat_in);
  }
  text +=
      rows.size() > kCompetitors ? fmt::format(", and {} more.", rows.size() - kCompetitors) : ".";
  page.wrapped(text);
}

void print_competitors(TextPage& page, const Report& report) {
  const std::vector<CompetitorFailures> rows = concerned(report);
  if (rows.empty()) return;
  page.line();
  if (rows.front().charged == 0) {
    print_unnamed(page, rows);
    return;
  }
  TextTable table({{"by competitor", true},
                   {"charged to it"},
                   {"sat in failed attempts"},
                   {"sat in quarantined worlds"}});
  for (std::size_t i = 0; i < std::min(rows.size(), kCompetitors); ++i) {
    table.add({rows[i].name, std::to_string(rows[i].charged), std::to_string(rows[i].sat_in),
               std::to_string(rows[i].quarantined)});
  }
  table.print(page.out(), TextPage::kWidth, page.paint());
  if (rows.size() > kCompetitors) {
    page.line(fmt::format("... and {} more: --format html or json", rows.size() - kCompetitors));
  }
  page.wrapped("Charged: the evidence names it. To have sat there proves nothing.");
}

void print_evidence(TextPage& page, const Report& report, const TroubledWorld& world) {
  for (const std::string& line : world.last_words) {
    page.line(page.paint().dim(clip("    | " + line, TextPage::kWidth)));
  }
  for (const std::string& frame : world.frames) {
    page.line(page.paint().dim(clip("    > " + frame, TextPage::kWidth)));
  }
  const std::filesystem::path dir(report.dir);
  if (!world.log.empty()) page.line("    log: " + (dir / printable(world.log)).string());
  if (!world.stack.empty()) page.line("    stack: " + (dir / printable(world.stack)).string());
  page.line("    again: " + replay_command(report.program, report.dir, world.task, world.attempt));
}

void print_world(TextPage& page, const Report& report, const TroubledWorld& world) {
  page.clipped(fmt::format("  {}: {}, {}, last {}{}{}", world.run_id, fate_text(world.fate),
                           counted(world.failed_attempts, "failed attempt"),
                           cause_name(world.cause), world.detail.empty() ? "" : ": ",
                           world.detail));
  page.clipped(fmt::format("    seats: {}", fmt::join(world.seated, ", ")));
  if (world.culprit) page.clipped("    the evidence names: " + *world.culprit);
  print_evidence(page, report, world);
}

void print_forfeits(TextPage& page, const Report& report) {
  if (report.forfeits.empty()) return;
  page.title("forfeits");
  page.wrapped("Worlds that went on without a competitor: " + forfeit_counts(report) + ".");
  const std::size_t shown = std::min(report.forfeits.size(), kWorlds);
  for (std::size_t i = 0; i < shown; ++i) {
    const Forfeit& forfeit = report.forfeits[i];
    page.clipped(fmt::format("  {}: {}: {}", forfeit.run_id, clip(forfeit.competitor, kLongestName),
                             forfeit.reason));
  }
  if (shown < report.forfeits.size()) page.line("  more of them: --format html or json");
  page.line("  again, with what it prints: " +
            replay_command(report.program, report.dir, report.forfeits.front().task, 1));
}

void print_worst(TextPage& page, const Report& report) {
  if (report.worst.empty()) return;
  page.title("worst worlds");
  const std::size_t shown = std::min(report.worst.size(), kWorlds);
  for (std::size_t i = 0; i < shown; ++i) print_world(page, report, report.worst[i]);
  if (shown < report.worst.size()) page.line("  more of them: --format html, or failures.csv");
}

}  // namespace

void print_failures(TextPage& page, const Report& report) {
  if (!report.failures.empty()) print_causes(page, report);
  print_competitors(page, report);
  print_worst(page, report);
  print_forfeits(page, report);
}

}  // namespace joust::report
