#include "runner/report/html/failures_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "runner/report/html/markup.hpp"
#include "runner/report/human.hpp"

namespace joust::report::html {
namespace {

constexpr std::size_t kRangesShown = 5000;

void cause_table(std::string& out, const Report& report) {
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Failures by cause, "
      "table\"><table class=\"sortable\"><caption>By cause. A world that failed in two ways "
      "counts under both.</caption><thead><tr>";
  sort_header(out, "Cause", "text");
  for (const char* name : {"Attempts", "Worlds", "Recovered", "Quarantined", "Open", "Void"}) {
    sort_header(out, name, "num");
  }
  out += "</tr></thead><tbody>\n";
  for (const CauseSummary& row : report.failures) {
    out += fmt::format("<tr><th scope=\"row\" data-value=\"{0}\"><code>{0}</code></th>",
                       cause_name(row.cause));
    for (const std::uint64_t count :
         {row.attempts, row.worlds, row.recovered, row.quarantined, row.open, row.voided}) {
      number_cell(out, static_cast<double>(count), grouped(count));
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

void group_table(std::string& out, const std::vector<FailureGroup>& groups) {
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Failures by detail, "
      "table\"><table class=\"sortable\"><caption>By message</caption><thead><tr>";
  sort_header(out, "Attempts", "num", "descending");
  sort_header(out, "Cause", "text");
  sort_header(out, "Detail", "text");
  sort_header(out, "First task", "num");
  out += "</tr></thead><tbody>\n";
  for (const FailureGroup& group : groups) {
    const std::string detail = group.kinds > 1
                                   ? fmt::format("({} other details)", grouped(group.kinds))
                                   : escape(group.detail);
    out += "<tr>";
    number_cell(out, static_cast<double>(group.attempts), grouped(group.attempts));
    out += fmt::format("<td data-value=\"{0}\"><code>{0}</code></td>", cause_name(group.cause));
    out += fmt::format("<td class=\"words\" data-value=\"{0}\">{0}</td>", detail);
    number_cell(out, static_cast<double>(group.first), std::to_string(group.first));
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

void lines_block(std::string& out, std::string_view name, const std::vector<std::string>& lines,
                 bool is_cut) {
  out += fmt::format("<p class=\"what\">{}</p><pre tabindex=\"0\">", name);
  for (const std::string& line : lines) out.append(escape(line)).append("\n");
  if (is_cut) out += "\u2026\n";
  out += "</pre>\n";
}

// May be broken between folders only.
std::string file_in(const Report& report, const std::string& relative) {
  std::string path;
  for (const char c : escape((std::filesystem::path(report.dir) / relative).string())) {
    path += c;
    if (c == '/') path += "<wbr>";
  }
  return path;
}

void attempt_block(std::string& out, const Report& report, const AttemptEvidence& attempt) {
  out += fmt::format("<div class=\"attempt\"><h4>Attempt {}: <code>{}</code>{}</h4><dl>",
                     attempt.attempt, cause_name(attempt.cause),
                     attempt.charged ? "" : " (not charged)");
  const auto entry = [&](std::string_view term, const std::string& text) {
    if (!text.empty()) out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", term, text);
  };
  const auto path = [&](std::string_view term, const std::string& relative) {
    if (relative.empty()) return;
    out += fmt::format("<div class=\"path\"><dt>{}</dt><dd><code>{}</code></dd></div>", term,
                       file_in(report, relative));
  };
  entry("Detail", escape(attempt.detail));
  entry("Named by the evidence", breakable(attempt.culprit));
  entry("Where", fmt::format("slot {}, worker {} of that slot", attempt.slot, attempt.epoch));
  entry("When", moment_text(attempt.at));
  entry("Played for", seconds_text(attempt.seconds));
  path("Log file", attempt.log);
  path("Stack file", attempt.stack);
  out += "</dl>\n";
  if (!attempt.last_words.empty()) lines_block(out, "Last words", attempt.last_words, false);
  if (!attempt.stack_lines.empty()) {
    lines_block(out, "Stacks", attempt.stack_lines, attempt.stack_cut);
  }
  out += "</div>\n";
}

void world_block(std::string& out, const PageData& page, const TroubledWorld& world) {
  const Report& report = page.report;
  out += fmt::format(
      "<details class=\"world\"><summary><code>{}</code> <span class=\"chip {}\">{}</span> {}, "
      "last "
      "<code>{}</code> <span class=\"words\">{}</span></summary>\n",
      escape(world.run_id),
      world.fate == Fate::quarantined || world.fate == Fate::open ? "bad" : "good",
      fate_text(world.fate), grouped(world.failed_attempts, "failed attempt"),
      cause_name(world.cause), escape_clipped(world.detail, 120));
  out += "<p class=\"what\">Seats</p><ol class=\"seats\">";
  for (const std::string& name : world.seated) out += "<li>" + breakable(name) + "</li>";
  out += "</ol>\n";
  const auto found = page.detail.evidence.find(world.task);
  if (found != page.detail.evidence.end()) {
    for (const AttemptEvidence& attempt : found->second) attempt_block(out, report, attempt);
  }
  out += fmt::format("<p class=\"what\">Play it again</p><pre tabindex=\"0\">{}</pre></details>\n",
                     escape(replay_command(report.program, report.dir, world.task, world.attempt)));
}

// `which`: "with a failed attempt".
void task_list(std::string& out, const std::vector<TaskRange>& ranges, std::string_view which) {
  if (ranges.empty()) return;
  std::uint64_t worlds = 0;
  for (const TaskRange& range : ranges) worlds += range.last - range.first + 1;
  out += fmt::format(
      "<details class=\"data\"><summary>The tasks of {} {}</summary><p class=\"tasks\">",
      worlds == 1 ? "the 1 world" : "all " + grouped(worlds) + " worlds", which);
  if (ranges.size() > kRangesShown) {
    out += fmt::format(
        "They form {} ranges between {} and {}: too many to read. failures.csv has "
        "them all.",
        grouped(ranges.size()), ranges.front().first, ranges.back().last);
  } else {
    const char* separator = "";
    for (const TaskRange& range : ranges) {
      out += separator + std::to_string(range.first);
      if (range.last > range.first) out += "\u2013" + std::to_string(range.last);
      separator = ", ";
    }
  }
  out += "</p></details>\n";
}

void worlds_in_trouble(std::string& out, const PageData& page) {
  const auto& worst = page.report.worst;
  if (worst.empty()) return;
  const std::uint64_t all = std::max<std::uint64_t>(page.detail.troubled, worst.size());
  out +=
      "<div class=\"with-tools\"><h3>Worlds in trouble</h3><p class=\"tools\" hidden><button "
      "type=\"button\" data-unfold=\"1\">Open all</button> <button type=\"button\" "
      "data-unfold=\"0\">Close all</button></p></div>";
  out += fmt::format(
      "<p>{} Those that were given up come first, then those with the most failed attempts; the "
      "last attempts of each.</p>\n<div class=\"worlds\">\n",
      all > worst.size() ? fmt::format("{} of {} shown; failures.csv has all of them.",
                                       grouped(worst.size()), grouped(all))
                         : fmt::format("{}, all shown.", grouped(all, "world")));
  for (const TroubledWorld& world : worst) world_block(out, page, world);
  out += "</div>\n";
}

void forfeit_list(std::string& out, const Report& report) {
  if (report.forfeits.empty()) return;
  out += fmt::format("<h3>Forfeits</h3><p>{}. The first ones:</p>\n", forfeit_counts(report));
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Forfeits, "
      "table\"><table class=\"sortable\"><caption>Worlds that went on without a competitor"
      "</caption><thead><tr>";
  sort_header(out, "World", "text");
  sort_header(out, "Competitor", "name");
  sort_header(out, "Reason", "text");
  out += "</tr></thead><tbody>\n";
  for (const Forfeit& forfeit : report.forfeits) {
    out += fmt::format("<tr><td data-value=\"{0}\"><code>{0}</code></td>", escape(forfeit.run_id));
    out += fmt::format("<td data-value=\"{}\">{}</td>", escape(forfeit.competitor),
                       breakable(forfeit.competitor));
    out += fmt::format("<td class=\"words\" data-value=\"{0}\">{0}</td></tr>\n",
                       escape_clipped(forfeit.reason, 300));
  }
  out += "</tbody></table></div>\n";
}

}  // namespace

void failures_section(std::string& out, const PageData& page) {
  const Report& report = page.report;
  if (report.failed_attempts == 0) {
    open_section(out, "failures", "Failures", "");
    out += "<p>No attempt failed.</p>\n";
    forfeit_list(out, report);
    close_section(out);
    return;
  }
  open_section(
      out, "failures", "Failures",
      fmt::format("{}; {} of worker time lost.", grouped(report.failed_attempts, "failed attempt"),
                  seconds_text(page.detail.lost_seconds)));
  cause_table(out, report);
  group_table(out, page.detail.groups);
  worlds_in_trouble(out, page);
  task_list(out, page.detail.quarantined_tasks, "given up");
  task_list(out, page.detail.failed_tasks, "with a failed attempt");
  forfeit_list(out, report);
  close_section(out);
}

}  // namespace joust::report::html
