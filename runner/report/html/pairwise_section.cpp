#include "runner/report/html/pairwise_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runner/report/html/heat_map.hpp"
#include "runner/report/html/markup.hpp"
#include "runner/report/html/matrix.hpp"
#include "runner/report/html/svg.hpp"

namespace joust::report::html {
namespace {

using scoring::PairInference;
using scoring::Standing;

constexpr std::size_t kBothHalves = 40;    // more competitors: only the upper half
constexpr std::size_t kNumbersShown = 80;  // more competitors: of the first kBothHalves alone
constexpr std::size_t kPairsListed = 500;  // more pairs: a heat map instead
constexpr int kLevels = 4;                 // of the strength of a difference, to either side
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
                     escape(percent_text(view.beats)), grouped(view.worlds, "world"),
                     signed_text(view.difference), is_clear ? "<b> *</b>" : "");
}

// Of the first `side` competitors.
struct PairTable {
  std::size_t side = 0;
  bool is_whole = true;  // false: the upper half, without the first column and the last row
};

PairTable table_of(std::size_t competitors) {
  if (competitors > kNumbersShown) return {kBothHalves, true};
  return {competitors, competitors <= kBothHalves};
}

void pair_row(std::string& out, const PairMatrix& matrix, std::size_t row, const PairTable& table) {
  matrix_row(out, row + 1, matrix.name(row));
  for (std::size_t column = table.is_whole ? 0 : 1; column < table.side; ++column) {
    if (column == row || (!table.is_whole && column < row)) {
      out += "<td class=self>";
    } else {
      pair_cell(out, matrix, row, column);
    }
  }
  out += "</tr>\n";
}

void pair_table(std::string& out, const PairMatrix& matrix) {
  const PairTable table = table_of(matrix.size());
  const std::size_t first = table.is_whole ? 0 : 1;
  std::string caption =
      "Mean difference of scores, row minus column; columns have their rows\u2019 numbers";
  if (table.side < matrix.size()) {
    caption += fmt::format("; the first {} of {} competitors, the rest is in pairwise.csv",
                           table.side, grouped(matrix.size()));
  }
  open_matrix(out, "Pairwise differences", caption, table.side > kColumnsOnPaper ? "no-print" : "",
              first + 1, table.side);
  for (std::size_t row = 0; row + first < table.side; ++row) pair_row(out, matrix, row, table);
  close_matrix(out);
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
                       breakable(page.names[pair.a]), breakable(page.names[pair.b]));
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

// Mean of the differences between two groups of neighbours in the standings.
double group_difference(const PairMatrix& matrix, std::size_t group, std::size_t row,
                        std::size_t column) {
  double sum = 0;
  double count = 0;
  const std::size_t row_end = std::min((row + 1) * group, matrix.size());
  const std::size_t column_end = std::min((column + 1) * group, matrix.size());
  for (std::size_t a = row * group; a < row_end; ++a) {
    for (std::size_t b = column * group; b < column_end; ++b) {
      if (a == b) continue;
      const double difference = matrix.view(a, b).difference;
      if (!std::isfinite(difference)) continue;
      sum += difference;
      ++count;
    }
  }
  return count > 0 ? sum / count : kUnknown;
}

void pair_map(std::string& out, const PairMatrix& matrix) {
  const std::size_t group = heat_map_group(matrix.size());
  const std::size_t side = (matrix.size() + group - 1) / group;
  const std::string grouping =
      group > 1 ? fmt::format(" Each row and column stands for {} neighbours.", group) : "";
  figure(
      out,
      "Row against column, both best first. Blue: the row\u2019s scores are higher; orange: lower; "
      "the darker, the larger the mean difference." +
          grouping + " The numbers are in pairwise.csv.",
      [&](Width width) {
        const double whole = canvas_width(width);
        Svg svg("plot-pairs", width, whole, "Pairwise differences",
                fmt::format("A square of {0} by {0} cells, one for each pair of competitors.{1}",
                            side, grouping));
        return heat_map(
            std::move(svg), side, whole / static_cast<double>(side),
            [&](std::size_t row, std::size_t column) {
              const int level = matrix.level(group_difference(matrix, group, row, column));
              const int place = kLevels + level;
              return static_cast<std::size_t>(place);
            },
            2 * kLevels + 1, "d");
      });
}

// With B configurations the sign-flip test gives no p below 2^(1 - B), and Holm's adjustment
// multiplies the smallest p by the number of pairs. Said only where that rules out all marks.
std::string least_p_text(const scoring::Inference& inference) {
  constexpr std::uint64_t kPlenty = 60;
  if (inference.blocks == 0 || inference.blocks > kPlenty) return "";
  const double least = std::ldexp(1.0, 1 - static_cast<int>(inference.blocks));
  const std::size_t pairs = inference.pairs.size();
  const double adjusted = std::min(1.0, least * static_cast<double>(pairs));
  if (adjusted < kSignificant) return "";
  return fmt::format(" With {} no p value can be below {:.3g}{}: no difference can be marked.",
                     grouped(inference.blocks, "configuration"), least,
                     pairs > 1 ? fmt::format(", or {:.3g} after the adjustment for {}", adjusted,
                                             grouped(pairs, "pair"))
                               : "");
}

}  // namespace

void pairwise_section(std::string& out, const PageData& page) {
  open_section(out, "pairs", "Pairs", "");
  const PairMatrix matrix(page);
  const scoring::Inference& inference = page.report.standings.inference;
  if (matrix.size() < 2 || inference.pairs.empty()) {
    out += "<p>No pairs were compared for this report.</p>\n";
    close_section(out);
    return;
  }
  out += fmt::format(
      "<p class=\"lead\">How much better the competitor of the row scored than that of the column, "
      "on average over the worlds in which both sat. <b>*</b> marks differences that are unlikely "
      "to be chance: p below 0.05 after Holm\u2019s adjustment for all pairs.{} \u201cTied with "
      "winner\u201d "
      "in the standings is another question, about the metric over all worlds and each competitor "
      "by itself: \u201cno\u201d can stand there although the pair has no mark. Each cell\u2019s "
      "tooltip has its "
      "interval, its p and the probability that the row beats the column.</p>\n",
      least_p_text(inference));
  const bool has_list = inference.pairs.size() <= kPairsListed;
  if (!has_list) pair_map(out, matrix);
  pair_table(out, matrix);
  if (has_list) pair_list(out, page);
  close_section(out);
}

}  // namespace joust::report::html
