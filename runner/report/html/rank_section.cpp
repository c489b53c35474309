#include "runner/report/html/rank_section.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/report/html/heat_map.hpp"
#include "runner/report/html/markup.hpp"
#include "runner/report/html/matrix.hpp"

namespace joust::report::html {
namespace {

using scoring::Standing;

constexpr std::size_t kNumbersShown = 30;  // more competitors: colours alone

std::size_t heat_level(double probability) {
  if (!(probability > 0)) return 0;
  return 1 + static_cast<std::size_t>(std::min(5.0, std::floor(probability * 6)));
}

double rank_probability(const PageData& page, std::uint32_t competitor, std::size_t rank) {
  const scoring::CompetitorInference* known = page.inference(competitor);
  return known != nullptr && rank < known->rank_probability.size() ? known->rank_probability[rank]
                                                                   : kUnknown;
}

void rank_table(std::string& out, const PageData& page) {
  const auto& ranking = page.report.standings.ranking;
  open_matrix(out, "Probabilities of ranks", "Probability of each rank, %",
              ranking.size() > kColumnsOnPaper ? "dense" : "", 1, ranking.size());
  std::size_t number = 0;
  for (const Standing& standing : ranking) {
    matrix_row(out, ++number, standing.name);
    for (std::size_t rank = 0; rank < ranking.size(); ++rank) {
      const double probability = rank_probability(page, standing.competitor, rank);
      std::string text = percent_text(probability);
      if (text.size() > 2 && text.ends_with(" %")) text.resize(text.size() - 2);
      out += fmt::format("<td class=h{}>{}", heat_level(probability),
                         probability == 0 ? "<span class=\"zero\">0</span>" : escape(text));
    }
    out += "</tr>\n";
  }
  close_matrix(out);
}

// The mean probability of a group of competitors to come out at one of a group of ranks.
double group_probability(const PageData& page, std::size_t group, std::size_t row,
                         std::size_t column) {
  const auto& ranking = page.report.standings.ranking;
  const std::size_t end = std::min((row + 1) * group, ranking.size());
  double sum = 0;
  for (std::size_t i = row * group; i < end; ++i) {
    for (std::size_t rank = column * group; rank < (column + 1) * group; ++rank) {
      const double probability = rank_probability(page, ranking[i].competitor, rank);
      if (std::isfinite(probability)) sum += probability;
    }
  }
  return sum / static_cast<double>(end - row * group);
}

void rank_map(std::string& out, const PageData& page) {
  const std::size_t competitors = page.report.standings.ranking.size();
  const std::size_t group = heat_map_group(competitors);
  const std::size_t side = (competitors + group - 1) / group;
  const std::string grouping =
      group > 1 ? fmt::format(" Each row and column stands for {} neighbours.", group) : "";
  figure(out,
         "Rows: competitors, best first. Columns: ranks from 1. The darker, the more probable." +
             grouping,
         [&](Width width) {
           const double whole = canvas_width(width);
           Svg svg(
               "plot-ranks", width, whole, "Probabilities of ranks",
               fmt::format("A square of {0} by {0} cells: the bootstrap\u2019s probability of each "
                           "rank for each competitor.{1}",
                           side, grouping));
           return heat_map(
               std::move(svg), side, whole / static_cast<double>(side),
               [&](std::size_t row, std::size_t column) {
                 return heat_level(group_probability(page, group, row, column));
               },
               7, "r");
         });
}

}  // namespace

void rank_section(std::string& out, const PageData& page) {
  open_section(out, "ranks", "Probabilities of ranks", "");
  if (!page.is_inferred() || page.report.standings.ranking.empty()) {
    out += "<p>No ranks were drawn for this report.</p>\n";
  } else {
    out +=
        "<p class=\"lead\">How often each competitor came out at each rank when the "
        "configurations were drawn anew.</p>\n";
    if (page.report.standings.ranking.size() > kNumbersShown) {
      rank_map(out, page);
    } else {
      rank_table(out, page);
    }
  }
  close_section(out);
}

}  // namespace joust::report::html
