#include "runner/report/html/pairwise_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runner/report/html/heat_map.hpp"
#include "runner/report/html/markup.hpp"
#include "runner/report/html/svg.hpp"
#include "runner/report/human.hpp"

namespace joust::report::html {
namespace {

using scoring::PairInference;
using scoring::Standing;

constexpr std::size_t kBothHalves = 40;     // more competitors: only the upper half
constexpr std::size_t kNumbersShown = 110;  // more competitors: colours alone
constexpr std::size_t kPairsListed = 500;
constexpr int kLevels = 4;  // of the strength of a difference, to either side
constexpr double kSignificant = 0.05;

// The pairs' places in Inference::pairs: [a * n + b]; -1: there is none.
std::vector<std::ptrdiff_t> index_pairs(const PageData& page) {
  const std::size_t n = page.names.size();
  std::vector<std::ptrdiff_t> places(n * n, -1);
  const auto& pairs = page.report.standings.inference.pairs;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i].a >= n || pairs[i].b >= n) continue;
    places[pairs[i].a * n + pairs[i].b] = static_cast<std::ptrdiff_t>(i);
  }
  return places;
}

// As the competitor of the row sees it.
struct PairView {
  double difference = kUnknown;
  scoring::Interval interval;
  double p = kUnknown;
  double beats = kUnknown;
  std::uint64_t worlds = 0;
};

class PairMatrix {
 public:
  explicit PairMatrix(const PageData& page)
      : page_(page), ranking_(page.report.standings.ranking), places_(index_pairs(page)) {
    for (const PairInference& pair : page.report.standings.inference.pairs) {
      if (std::isfinite(pair.difference)) {
        largest_ = std::max(largest_, std::fabs(pair.difference));
      }
    }
  }

  PairView view(std::size_t row, std::size_t column) const {
    const std::size_t n = page_.names.size();
    const std::uint32_t mine = ranking_[row].competitor;
    const std::uint32_t other = ranking_[column].competitor;
    const std::ptrdiff_t place = places_[std::min(mine, other) * n + std::max(mine, other)];
    if (place < 0) return {};
    const PairInference& pair =
        page_.report.standings.inference.pairs[static_cast<std::size_t>(place)];
    if (mine < other) {
      return {pair.difference, pair.interval, pair.p_holm, pair.a_beats_b, pair.worlds};
    }
    return {-pair.difference,
            {-pair.interval.high, -pair.interval.low},
            pair.p_holm,
            1 - pair.a_beats_b,
            pair.worlds};
  }

  // -kLevels ... kLevels
  int level(double difference) const {
    if (!std::isfinite(difference) || largest_ == 0) return 0;
    const double share = difference / largest_;
    const int size = std::min(kLevels, static_cast<int>(std::ceil(std::fabs(share) * kLevels)));
    return share < 0 ? -size : size;
  }

  std::size_t size() const { return ranking_.size(); }
  const std::string& name(std::size_t row) const { return page_.names[ranking_[row].competitor]; }

 private:
  const PageData& page_;
  const std::vector<Standing>& ranking_;
  std::vector<std::ptrdiff_t> places_;
  double largest_ = 0;
};

std::string level_class(int level) {
  return fmt::format("{}{}", level < 0 ? 'n' : 'p', level < 0 ? -level : level);
}

void pair_cell(std::string& out, const PairMatrix& matrix, std::size_t row, std::size_t column) {
  const PairView view = matrix.view(row, column);
  if (std::isnan(view.difference)) {
    out += "<td>\u2013";
    return;
  }
  const bool is_clear = view.p < kSignificant;
  out += fmt::format("<td class={} title=\"95 % {} to {}; p {}; beats {}; {}\">{}{}",
                     level_class(matrix.level(view.difference)), signed_text(view.interval.low),
                     signed_text(view.interval.high), escape(p_text(view.p)),
                     escape(percent_text(view.beats)), counted(view.worlds, "world"),
                     signed_text(view.difference), is_clear ? "<b> *</b>" : "");
}

void pair_row(std::string& out, const PairMatrix& matrix, std::size_t row, std::size_t first) {
  const bool is_whole = first == 0;
  out += fmt::format("<tr><th scope=\"row\" title=\"{}\">{}</th>", escape(matrix.name(row)),
                     escape_clipped(matrix.name(row), 22));
  for (std::size_t column = first; column < matrix.size(); ++column) {
    if (column == row || (!is_whole && column < row)) {
      out += "<td class=self>";
    } else {
      pair_cell(out, matrix, row, column);
    }
  }
  out += "</tr>\n";
}

void pair_table(std::string& out, const PairMatrix& matrix) {
  // the upper half needs neither the first column nor the last row
  const std::size_t first = matrix.size() <= kBothHalves ? 0 : 1;
  out +=
      "<div class=\"scroll matrix\" tabindex=\"0\" role=\"region\" aria-label=\"Pairwise "
      "differences, table\"><table><caption>Mean difference of scores, row minus "
      "column</caption><thead><tr><td></td>";
  for (std::size_t column = first; column < matrix.size(); ++column) {
    out += fmt::format("<th scope=\"col\" title=\"{}\">{}</th>", escape(matrix.name(column)),
                       escape_clipped(matrix.name(column), 14));
  }
  out += "</tr></thead><tbody>\n";
  for (std::size_t row = 0; row + first < matrix.size(); ++row) pair_row(out, matrix, row, first);
  out += "</tbody></table></div>\n";
}

// The same numbers as rows, for those who can not point at a cell.
void pair_list(std::string& out, const PageData& page) {
  out +=
      "<details class=\"data\"><summary>The numbers</summary><div class=\"scroll\" tabindex=\"0\" "
      "role=\"region\" aria-label=\"Pairs, table\"><table class=\"sortable\"><caption>All pairs: A "
      "minus B, over the worlds in which both sat</caption><thead><tr>";
  sort_header(out, "A", "text");
  sort_header(out, "B", "text");
  for (const char* name :
       {"Difference", "95 % interval", "p", "p, adjusted", "P(A beats B)", "Worlds"}) {
    sort_header(out, name, "num");
  }
  out += "</tr></thead><tbody>\n";
  for (const PairInference& pair : page.report.standings.inference.pairs) {
    if (pair.a >= page.names.size() || pair.b >= page.names.size()) continue;
    out += fmt::format("<tr><td class=\"name\">{}</td><td class=\"name\">{}</td>",
                       escape(page.names[pair.a]), escape(page.names[pair.b]));
    number_cell(out, pair.difference, signed_text(pair.difference));
    number_cell(out, pair.interval.low,
                signed_text(pair.interval.low) + " to " + signed_text(pair.interval.high));
    number_cell(out, pair.p, escape(p_text(pair.p)));
    number_cell(out, pair.p_holm, escape(p_text(pair.p_holm)));
    number_cell(out, pair.a_beats_b, escape(percent_text(pair.a_beats_b)));
    number_cell(out, static_cast<double>(pair.worlds), grouped(pair.worlds));
    out += "</tr>\n";
  }
  out += "</tbody></table></div></details>\n";
}

void pair_map(std::string& out, const PairMatrix& matrix) {
  figure(out,
         "Row against column, both best first. Blue: the row's scores are higher; orange: lower; "
         "the darker, the larger the mean difference. The numbers are in pairwise.csv.",
         [&](Width width) {
           const double side = canvas_width(width);
           const double cell = side / static_cast<double>(matrix.size());
           Svg svg("plot-pairs", width, side, "Pairwise differences",
                   fmt::format("A square of {} by {} cells, one for each pair of competitors.",
                               matrix.size(), matrix.size()));
           return heat_map(
               std::move(svg), matrix.size(), cell,
               [&](std::size_t row, std::size_t column) {
                 return static_cast<std::size_t>(
                     kLevels +
                     (row == column ? 0 : matrix.level(matrix.view(row, column).difference)));
               },
               2 * kLevels + 1, "d");
         });
}

}  // namespace

void pairwise_section(std::string& out, const PageData& page) {
  open_section(out, "pairs", "Pairs", "");
  const PairMatrix matrix(page);
  if (matrix.size() < 2 || page.report.standings.inference.pairs.empty()) {
    out += "<p>No pairs were compared for this report.</p>\n";
  } else if (matrix.size() > kNumbersShown) {
    pair_map(out, matrix);
  } else {
    out +=
        "<p class=\"lead\">How much better the competitor of the row scored than that of the "
        "column, on average over the worlds in which both sat. <b>*</b> marks differences that "
        "are unlikely to be chance: p below 0.05 after Holm's adjustment for all pairs. Each "
        "cell's tooltip has its interval, its p and the probability that the row beats the "
        "column.</p>\n";
    pair_table(out, matrix);
    if (page.report.standings.inference.pairs.size() <= kPairsListed) pair_list(out, page);
  }
  close_section(out);
}

}  // namespace joust::report::html
