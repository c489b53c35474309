#include "runner/report/slot_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "runner/report/human.hpp"
#include "runner/report/paint.hpp"
#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kGap = 2;

struct Column {
  std::string_view title;
  std::size_t width = 0;
  bool is_text = false;  // to the left
  int importance = 0;    // the smallest ones are left out first
  std::string (*text)(const SlotStatus& slot) = nullptr;
};

// In the order in which they are shown.
const std::array<Column, 8>& columns() {
  using Slot = SlotStatus;
  static const std::array<Column, 8> all = {{
      {"slot", 4, false, 8, [](const Slot& slot) { return std::to_string(slot.slot); }},
      {"epoch", 5, false, 1, [](const Slot& slot) { return std::to_string(slot.epoch); }},
      {"state", 13, true, 7, [](const Slot& slot) { return printable(slot.state); }},
      {"task", 8, false, 6,
       [](const Slot& slot) { return slot.task ? std::to_string(*slot.task) : "-"; }},
      {"since", 7, false, 5, [](const Slot& slot) { return human_seconds(slot.seconds); }},
      {"beat", 7, false, 3,
       [](const Slot& slot) {
         return slot.beat_seconds ? human_seconds(*slot.beat_seconds) : "-";
       }},
      {"memory", 10, false, 4,
       [](const Slot& slot) { return slot.rss_bytes > 0 ? human_bytes(slot.rss_bytes) : "-"; }},
      {"cpu", 7, false, 2, [](const Slot& slot) { return human_seconds(slot.cpu_seconds); }},
  }};
  return all;
}

// From the most important one on, as many as fit.
std::vector<Column> fitting(std::size_t width) {
  std::vector<Column> shown(columns().begin(), columns().end());
  const auto needed = [&shown] {
    std::size_t sum = 0;
    for (const Column& column : shown) sum += column.width + kGap;
    return sum - kGap;
  };
  while (shown.size() > 1 && needed() > width) {
    shown.erase(std::min_element(shown.begin(), shown.end(), [](const auto& a, const auto& b) {
      return a.importance < b.importance;
    }));
  }
  return shown;
}

std::string cell(const Column& column, std::string_view text) {
  return column.is_text ? pad_right(text, column.width) : fmt::format("{:>{}}", text, column.width);
}

// "18 busy, 2 idle": the most frequent first.
std::string count_states(std::span<const SlotStatus> slots) {
  std::vector<std::pair<std::size_t, std::string>> counts;
  for (const SlotStatus& slot : slots) {
    const std::string state = printable(slot.state);
    const auto found = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& entry) { return entry.second == state; });
    if (found == counts.end()) {
      counts.emplace_back(1, state);
    } else {
      ++found->first;
    }
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string text;
  for (const auto& [count, state] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, state);
  }
  return text;
}

// The columns' titles, or what they tell of a slot.
std::string line_of(const std::vector<Column>& shown, const SlotStatus* slot) {
  std::string line;
  for (const Column& column : shown) {
    if (!line.empty()) line.append(kGap, ' ');
    line += cell(column, slot == nullptr ? std::string(column.title) : column.text(*slot));
  }
  return line;
}

// Slots that have no line of their own.
std::string rest_line(std::span<const SlotStatus> rest, bool are_more) {
  const char* form = are_more ? "and {} more: {}" : "{} slots: {}";
  return fmt::format(fmt::runtime(form), rest.size(), count_states(rest));
}

}  // namespace

std::string render_slots(const std::vector<SlotStatus>& slots, const SlotTableSize& size,
                         bool colour) {
  if (size.lines == 0) return {};
  const std::vector<Column> shown = fitting(size.width);
  const std::size_t room = size.lines - 1;
  const bool all = slots.size() <= room;
  const std::size_t listed = all ? slots.size() : room - std::min<std::size_t>(room, 1);
  std::string text = Paint(colour).bold(clip(line_of(shown, nullptr), size.width)) + "\n";
  for (std::size_t i = 0; i < listed; ++i) {
    text += clip(line_of(shown, &slots[i]), size.width) + "\n";
  }
  if (!all && room > 0) {
    text += clip(rest_line(std::span(slots).subspan(listed), listed > 0), size.width) + "\n";
  }
  return text;
}

}  // namespace joust::report
