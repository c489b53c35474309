#include "runner/scoring/score_book.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "runner/scoring/all_cores.hpp"

namespace joust::scoring {

ScoreBook::ScoreBook(std::size_t competitors, bool with_groups)
    : with_groups_(with_groups), scores_(competitors), groups_(competitors) {}

void ScoreBook::add(std::uint32_t competitor, double score, GroupIndex group) {
  scores_[competitor].push_back(score);
  if (with_groups_) groups_[competitor].push_back(group);
}

void ScoreBook::forget(std::uint32_t competitor) {
  scores_[competitor].clear();
  groups_[competitor].clear();
}

void ScoreBook::sort() {
  on_all_cores([this] {
    tbb::parallel_for(std::size_t{0}, scores_.size(), [this](std::size_t competitor) {
      if (with_groups_) {
        sort_with_groups(competitor);
      } else {
        std::sort(scores_[competitor].begin(), scores_[competitor].end());
      }
    });
  });
}

void ScoreBook::sort_with_groups(std::size_t competitor) {
  std::vector<double>& scores = scores_[competitor];
  std::vector<GroupIndex>& groups = groups_[competitor];
  std::vector<std::pair<double, GroupIndex>> both(scores.size());
  for (std::size_t i = 0; i < both.size(); ++i) both[i] = {scores[i], groups[i]};
  std::sort(both.begin(), both.end());
  for (std::size_t i = 0; i < both.size(); ++i) {
    scores[i] = both[i].first;
    groups[i] = both[i].second;
  }
}

}  // namespace joust::scoring
