#pragma once
// The [[competitor]] sections of a spec.

#include <vector>

#include "runner/spec/section.hpp"

namespace joust::spec {

struct CompetitorList {
  std::vector<Competitor> competitors;
  std::vector<ResolvedKey> keys;
  Position last;  // where the last one begins
};

// Throws SpecError.
CompetitorList load_competitors(const Document& document, const WorldType& world,
                                InputFiles& files);

}  // namespace joust::spec
