#include "runner/scoring/inference_tables.hpp"

#include <limits>
#include <string>
#include <vector>

#include "common/csv.hpp"

namespace joust::scoring {
namespace {

// As pandas writes truth values, and reads them back.
std::string_view truth(bool value) { return value ? "True" : "False"; }

double probability_of_first(const CompetitorInference& inferred) {
  return inferred.rank_probability.empty() ? std::numeric_limits<double>::quiet_NaN()
                                           : inferred.rank_probability.front();
}

void add_inferred(CsvRow& row, const CompetitorInference& inferred) {
  row.number(inferred.interval.low).number(inferred.interval.high);
  row.number(probability_of_first(inferred)).text(truth(inferred.tied_with_winner));
}

}  // namespace

void write_standings(AtomicFile& file, const Standings& standings, const ChargedFailures& charged) {
  file.write(csv_line({"rank", "competitor", "metric", "value", "value_low", "value_high",
                       "p_rank_1", "tied_with_winner", "worlds_done", "worlds_expected",
                       "unusable_scores", "failures_charged", "forfeits", "disqualified_at"}));
  for (const Standing& standing : standings.ranking) {
    CsvRow row;
    if (standing.rank == 0) {
      row.empty();
    } else {
      row.integer(standing.rank);
    }
    row.text(standing.name).text(metric_name(standings.metric)).number(standing.value);
    if (standings.inference.draws == 0) {
      row.empty().empty().empty().empty();
    } else {
      add_inferred(row, standings.inference.competitors[standing.competitor]);
    }
    const auto failures = charged.find(standing.competitor);
    row.integer(standing.worlds_done).integer(standing.worlds_expected).integer(standing.unusable);
    row.integer(failures == charged.end() ? 0 : failures->second).integer(standing.forfeits);
    if (standing.disqualified_at) {
      row.integer(*standing.disqualified_at);
    } else {
      row.empty();
    }
    file.write(row.finish());
  }
}

void write_pairwise(AtomicFile& file, const Standings& standings) {
  file.write(csv_line({"a", "b", "shared_worlds", "difference", "difference_low", "difference_high",
                       "p", "p_holm", "a_beats_b"}));
  std::vector<std::string> names(standings.ranking.size());
  for (const Standing& standing : standings.ranking) names[standing.competitor] = standing.name;
  for (const PairInference& pair : standings.inference.pairs) {
    CsvRow row;
    row.text(names[pair.a]).text(names[pair.b]).integer(pair.worlds).number(pair.difference);
    row.number(pair.interval.low).number(pair.interval.high);
    row.number(pair.p).number(pair.p_holm).number(pair.a_beats_b);
    file.write(row.finish());
  }
}

}  // namespace joust::scoring
