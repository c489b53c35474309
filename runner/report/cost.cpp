#include "runner/report/cost.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace joust::report {
namespace {

// The middle one, or the mean of the two in the middle. REQUIRES: sorted, not empty.
double median_of(const std::vector<double>& sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

}  // namespace

void measure_recovery(Cost& cost, const RunRecord& record, const SessionClock& clock) {
  using Place = std::tuple<std::size_t, SlotIndex, Epoch>;  // epochs begin anew in each session
  const auto place = [&](const auto& row, Epoch epoch) {
    return Place{clock.session_at(row.at).value_or(0), row.slot, epoch};
  };
  std::map<Place, journal::UnixMillis> starts;
  for (const journal::WorkerStart& start : record.worker_starts()) {
    starts[place(start, start.epoch)] = start.at;
  }
  std::vector<double> recoveries;
  for (const journal::WorkerEnd& end : record.worker_ends()) {
    if (!end.lost) continue;
    ++cost.lost;
    const auto next = starts.find(place(end, end.epoch + 1));
    if (next == starts.end() || next->second < end.at) continue;
    recoveries.push_back(static_cast<double>(next->second - end.at) / 1000);
  }
  cost.replaced = recoveries.size();
  if (recoveries.empty()) return;
  std::sort(recoveries.begin(), recoveries.end());
  cost.median_recovery = median_of(recoveries);
  cost.longest_recovery = recoveries.back();
}

}  // namespace joust::report
