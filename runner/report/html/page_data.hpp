#pragma once
// What every section of the page reads. The names are printable, by competitor's index.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "runner/report/printable.hpp"
#include "runner/report/run_detail.hpp"

namespace joust::report::html {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct PageData {
  PageData(const Report& r, const RunDetail& d) : report(r), detail(d) {
    names.resize(r.standings.ranking.size());
    for (const scoring::Standing& standing : r.standings.ranking) {
      names[standing.competitor] = printable(standing.name);
    }
  }

  // Nothing when nobody computed it.
  const scoring::CompetitorInference* inference(std::uint32_t competitor) const {
    const auto& all = report.standings.inference.competitors;
    return competitor < all.size() ? &all[competitor] : nullptr;
  }
  // P(rank = 1); NaN when it is not known.
  double first_probability(std::uint32_t competitor) const {
    const scoring::CompetitorInference* known = inference(competitor);
    return known != nullptr && !known->rank_probability.empty() ? known->rank_probability.front()
                                                                : kUnknown;
  }
  // Best first: those that a plot with a row for each has room for.
  std::span<const scoring::Standing> plotted() const {
    constexpr std::size_t kMostRows = 200;
    const auto& all = report.standings.ranking;
    return {all.data(), std::min(all.size(), kMostRows)};
  }
  // For the caption of such a plot; empty when all are in it.
  std::string plotted_text() const {
    const std::size_t all = report.standings.ranking.size();
    if (plotted().size() == all) return "";
    return fmt::format(" The first {} of {} competitors; the table has all.", plotted().size(),
                       all);
  }
  bool is_inferred() const { return report.standings.inference.draws > 0; }

  const Report& report;
  const RunDetail& detail;
  std::vector<std::string> names;
};

}  // namespace joust::report::html
