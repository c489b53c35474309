#include "runner/report/html/html_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runner/report/html/assets.hpp"
#include "runner/report/html/coverage_section.hpp"
#include "runner/report/html/distribution_section.hpp"
#include "runner/report/html/duration_section.hpp"
#include "runner/report/html/failures_section.hpp"
#include "runner/report/html/markup.hpp"
#include "runner/report/html/page_data.hpp"
#include "runner/report/html/pairwise_section.hpp"
#include "runner/report/html/rank_section.hpp"
#include "runner/report/html/standings_section.hpp"
#include "runner/report/html/time_section.hpp"
#include "runner/report/human.hpp"

namespace joust::report {
namespace html {
namespace {

struct Chapter {
  std::string_view id;
  std::string_view name;
  void (*write)(std::string& out, const PageData& page);
};

constexpr std::array<Chapter, 9> kChapters = {{
    {"standings", "Standings", standings_section},
    {"scores", "Scores", distribution_section},
    {"pairs", "Pairs", pairwise_section},
    {"ranks", "Ranks", rank_section},
    {"coverage", "Coverage", coverage_section},
    {"failures", "Failures", failures_section},
    {"slots", "Slots", timeline_section},
    {"course", "Course", course_section},
    {"durations", "Durations", duration_section},
}};

void document_head(std::string& out, const Report& report) {
  out += fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"generator\" content=\"joust {}\">\n"
      "<title>{}: tournament report</title>\n<style>",
      script_hash(), JOUST_VERSION, escape_clipped(report.name, 80));
  out.append(style_sheet()).append("</style>\n</head>\n");
}

void fact(std::string& out, std::string_view term, std::string_view text) {
  if (text.empty()) return;
  out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", term, text);
}

std::string sessions_text(const Report& report) {
  std::string text = std::to_string(report.sessions.size());
  if (report.sessions.empty()) return text;
  const journal::Session& last = report.sessions.back();
  const bool runs = !last.ended && report.state == RunState::running;
  text += fmt::format("; the last one with {}: {}", grouped(last.workers, "worker"),
                      runs                                 ? "running"
                      : last.ended && !last.ending.empty() ? escape(last.ending)
                                                           : "killed");
  return text;
}

// The line's title speaks of numbers of worlds only; names may hold numbers of their own.
std::string winner_html(const Report& report) {
  const WinnerWords words = winner_words(report);
  return grouped_numbers(words.title) + ": " + breakable(words.names);
}

// Of all sessions; nothing where the journal says nothing of it.
std::string time_text(const Report& report) {
  double seconds = 0;
  for (const SessionSummary& session : report.sessions) seconds += session.seconds();
  return seconds > 0 ? seconds_text(seconds) : "";
}

// Over the sessions that say how many worlds were counted in them.
std::string speed_text(const Report& report) {
  double seconds = 0;
  std::uint64_t worlds = 0;
  for (const SessionSummary& session : report.sessions) {
    if (!session.worlds_per_second()) continue;
    seconds += session.seconds();
    worlds += session.worlds;
  }
  if (worlds == 0) return "";
  return human_rate(static_cast<double>(worlds) / seconds) + " worlds a second";
}

void facts(std::string& out, const Report& report) {
  const scoring::Coverage& coverage = report.standings.coverage;
  out += "<dl class=\"facts\">\n";
  fact(out, "State", state_name(report.state));
  fact(out, "Worlds",
       fmt::format("{} of {} done", grouped(coverage.done), grouped(coverage.expected)));
  fact(out, "Competitors",
       fmt::format("{}, {} in each world", grouped(report.shape.competitors),
                   grouped(report.shape.per_world)));
  fact(out, "Configurations",
       report.shape.runs == 1 ? grouped(report.shape.configs)
                              : fmt::format("{}, {} each", grouped(report.shape.configs),
                                            grouped(report.shape.runs, "run")));
  fact(out, "World", breakable(report.world));
  fact(out, "Seed", std::to_string(report.seed));
  fact(out, "Metric", breakable(metric_name(report.standings.metric)));
  fact(out, "Time taken", time_text(report));
  fact(out, "Speed", speed_text(report));
  fact(out, "Sessions", sessions_text(report));
  fact(out, "Failed attempts", grouped(report.failed_attempts));
  if (!report.sessions.empty()) {
    fact(out, "Begun", moment_text(report.sessions.front().started));
  }
  out += "</dl>\n";
}

void banner(std::string& out, std::string_view kind, std::string_view head, std::string_view text) {
  out += fmt::format("<p class=\"banner {}\"><strong>{}</strong> {}</p>\n", kind, head, text);
}

void uneven_banner(std::string& out, const UnequalCoverage& found) {
  banner(out, "bad", "Unequal coverage.",
         fmt::format(
             "{} has {}, {} has {}, of {} each: the ranks compare different sets of worlds.",
             escape_clipped(found.least->name, 60), grouped(found.least->summary.count, "score"),
             escape_clipped(found.most->name, 60), grouped(found.most->summary.count),
             grouped(found.most->worlds_expected)));
}

// Of a line that begins with its name in capitals and a colon.
void disqualified_banner(std::string& out, const std::string& line) {
  const std::size_t colon = line.find(':');
  banner(out, "bad", "Disqualified:", breakable(line.substr(colon + 1)));
}

void banners(std::string& out, const Report& report) {
  if (const auto damage = damage_line(report))
    banner(out, "bad", "Damaged journal.", escape(*damage));
  const scoring::Coverage& coverage = report.standings.coverage;
  const scoring::Inference& inference = report.standings.inference;
  if (report.state == RunState::running) {
    banner(out, "warn", "Partial.",
           fmt::format("The tournament is still running: {} of {} are not played yet.",
                       grouped(coverage.unplayed()), grouped(coverage.expected) + " worlds"));
  } else if (report.state == RunState::interrupted) {
    banner(out, "warn", "Partial.",
           fmt::format("The tournament was interrupted: {} of {} are not played yet. Go on with "
                       "<code>{}</code>",
                       grouped(coverage.unplayed()), grouped(coverage.expected) + " worlds",
                       escape(resume_command(report.program, report.dir))));
  }
  if (coverage.quarantined > 0) {
    banner(out, "bad", "Worlds are missing.",
           coverage.quarantined == 1
               ? "1 world was given up after failing again and again; it has no result."
               : fmt::format(
                     "{} worlds were given up after failing again and again; they have no result.",
                     grouped(coverage.quarantined)));
  }
  for (const std::string& line : report.disqualified) disqualified_banner(out, line);
  if (const auto found = coverage_extremes(report.standings)) uneven_banner(out, *found);
  if (coverage.unusable > 0) {
    banner(out, "warn", "Unusable scores.",
           fmt::format(
               "{} not finite or absent, and left out.",
               coverage.unusable == 1 ? "1 score is" : grouped(coverage.unusable) + " scores are"));
  }
  if (const auto why = why_no_intervals(report.standings)) {
    banner(out, "warn", "No intervals:", *why);
  } else if (inference.few_blocks) {
    banner(out, "warn", "Few configurations.",
           fmt::format("The intervals rest on {}; below 10 they are rough.",
                       grouped(inference.blocks, "configuration")));
  }
}

void page_header(std::string& out, const Report& report) {
  out +=
      "<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header><div "
      "class=\"top\"><p class=\"kind\">Tournament report</p><button type=\"button\" id=\"theme\" "
      "hidden>Dark</button></div>\n";
  out += fmt::format("<h1>{}</h1>\n<p class=\"winner\">{}</p>\n", escape(report.name),
                     winner_html(report));
  banners(out, report);
  facts(out, report);
  out += "</header>\n<nav aria-label=\"Sections\"><ul>";
  for (const Chapter& chapter : kChapters) {
    out += fmt::format("<li><a href=\"#{}\">{}</a></li>", chapter.id, chapter.name);
  }
  out += "</ul></nav>\n<main id=\"main\" tabindex=\"-1\">\n";
}

void page_footer(std::string& out, const PageData& page) {
  struct Definition {
    std::string_view term;
    std::string_view text;
  };
  constexpr std::array<Definition, 11> kDefinitions = {{
      {"World", "one game between some of the competitors; the unit that is played and counted."},
      {"Configuration", "the worlds that share one economy: the unit that the statistics draw."},
      {"95 % interval",
       "percentiles of the metric when configurations are drawn anew, with "
       "replacement."},
      {"P(first)", "the share of those draws in which the competitor came out at rank 1."},
      {"Tied with winner", "the data do not separate the competitor from the winner."},
      {"p",
       "chance of a difference at least as large if signs were random in each configuration; "
       "Holm's adjustment for all pairs."},
      {"Attempt", "one try at a world; a world is given up (quarantined) after several."},
      {"Slot", "one place in the pool; when its worker dies, another one takes the place."},
      {"Std", "standard deviation of a competitor's scores (of a sample)."},
      {"Forfeit",
       "a competitor failed in a world that went on without it; the world counts, with the score "
       "that the rules give for it."},
      {"Unusable", "a score that is not finite or absent; counted, and left out of all else."},
  }};
  out += "</main>\n<footer>\n<h2>Definitions</h2><dl class=\"definitions\">\n";
  for (const Definition& definition : kDefinitions) fact(out, definition.term, definition.text);
  out += fmt::format(
      "</dl>\n<p>Made by joust {} from the journal <code>{}</code>{}. This file needs no other "
      "file "
      "and no network.</p>\n</footer>\n<script>{}</script>\n</body>\n</html>\n",
      JOUST_VERSION, escape((std::filesystem::path(page.report.dir) / "run.db").string()),
      page.detail.samples > 0 ? " and the samples in <code>events.jsonl</code>" : "", script());
}

}  // namespace
}  // namespace html

std::string html_report(const Report& report, const RunDetail& detail) {
  const html::PageData page(report, detail);
  std::string out;
  html::document_head(out, report);
  html::page_header(out, report);
  for (const html::Chapter& chapter : html::kChapters) chapter.write(out, page);
  html::page_footer(out, page);
  return out;
}

}  // namespace joust::report
