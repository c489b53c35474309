#pragma once
// The plot of what each slot played. While a run is small each attempt is a rectangle of its own;
// else the slots' time is in cells, coloured by how busy they were. What was played, and each mark,
// is said in tooltips: of neighbours together where there are many, so that the size is bounded.

#include <string>
#include <vector>

#include "runner/report/html/svg.hpp"
#include "runner/report/session_track.hpp"

namespace joust::report::html {

// One or more neighbouring slots in one line.
struct Lane {
  std::vector<SlotIndex> slots;
  std::string name;
};

std::vector<Lane> lanes_of(const std::vector<SessionTrack>& sessions);

// So few that each attempt is drawn by itself.
bool shows_each_attempt(const std::vector<SessionTrack>& sessions, const std::vector<Lane>& lanes);

// REQUIRES: there is a lane.
std::string draw_timeline(const std::vector<SessionTrack>& sessions, const std::vector<Lane>& lanes,
                          Width width);

}  // namespace joust::report::html
