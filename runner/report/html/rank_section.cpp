#include "runner/report/html/rank_section.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/report/html/heat_map.hpp"
#include "runner/report/html/markup.hpp"

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
  out +=
      "<div class=\"scroll matrix\" tabindex=\"0\" role=\"region\" aria-label=\"Probabilities of "
      "ranks, table\"><table><caption>Probability of each rank, %</caption><thead><tr><td></td>";
  for (std::size_t rank = 1; rank <= ranking.size(); ++rank) {
    out += fmt::format("<th scope=\"col\">{}</th>", rank);
  }
  out += "</tr></thead><tbody>\n";
  for (const Standing& standing : ranking) {
    out += fmt::format("<tr><th scope=\"row\" title=\"{}\">{}</th>", escape(standing.name),
                       escape_clipped(standing.name, 22));
    for (std::size_t rank = 0; rank < ranking.size(); ++rank) {
      const double probability = rank_probability(page, standing.competitor, rank);
      std::string text = percent_text(probability);
      if (text.size() > 2 && text.ends_with(" %")) text.resize(text.size() - 2);
      out += fmt::format("<td class=h{}>{}", heat_level(probability),
                         probability == 0 ? "<span class=\"zero\">0</span>" : escape(text));
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

void rank_map(std::string& out, const PageData& page) {
  const auto& ranking = page.report.standings.ranking;
  figure(out,
         "Rows: competitors, best first. Columns: ranks from 1. The darker, the more probable.",
         [&](Width width) {
           const double side = canvas_width(width);
           const double cell = side / static_cast<double>(ranking.size());
           Svg svg("plot-ranks", width, side, "Probabilities of ranks",
                   fmt::format("A square of {0} by {0} cells: the bootstrap's probability of each "
                               "rank for each competitor.",
                               ranking.size()));
           return heat_map(
               std::move(svg), ranking.size(), cell,
               [&](std::size_t row, std::size_t column) {
                 return heat_level(rank_probability(page, ranking[row].competitor, column));
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
