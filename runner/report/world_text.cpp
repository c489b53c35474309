#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "runner/report/human.hpp"
#include "runner/report/text_page.hpp"
#include "runner/report/text_table.hpp"
#include "runner/report/world_report.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kLongestName = 32;

std::string state_text(const WorldReport& world) {
  const std::string failed = counted(world.failures.size(), "failed attempt");
  switch (world.state) {
    case WorldState::counted:
      return fmt::format("counted, by attempt {} ({})", world.attempt, failed);
    case WorldState::voided:
      return fmt::format("void: {} was disqualified before it", printable(world.void_for));
    case WorldState::quarantined:
      return "quarantined: given up after " + failed;
    case WorldState::open:
      break;
  }
  return world.failures.empty() ? "not played yet" : "to be tried again, after " + failed;
}

void print_head(TextPage& page, const WorldReport& world) {
  page.labelled("world", fmt::format("{} (task {}) of {}", world.run_id, world.task,
                                     printable(world.tournament)));
  page.labelled_wrapped("played", printable(world.world));
  page.labelled_wrapped("state", state_text(world));
  page.labelled("seed", fmt::format("{}, of the configuration {}", world.seed, world.config_seed));
  page.labelled("plan", fmt::format("configuration {}, set {}, rotation {}, run {}", world.config,
                                    world.set, world.rotation, world.run));
}

void print_seats(TextPage& page, const WorldReport& world) {
  page.line();
  TextTable table({{"seat"}, {"competitor", true}, {"type", true}, {"agent", true}, {"score"}});
  for (std::size_t i = 0; i < world.seats.size(); ++i) {
    const WorldSeat& seat = world.seats[i];
    table.add({std::to_string(i), clip(printable(seat.competitor), kLongestName),
               clip(printable(seat.type), kLongestName),
               seat.result ? printable(seat.result->agent_name) : "-",
               seat.result ? human_score(seat.result->score) : "-"});
  }
  table.print(page.out(), TextPage::kWidth, page.paint());
  for (const WorldSeat& seat : world.seats) {
    if (!seat.result || seat.result->forfeit.empty()) continue;
    page.item(fmt::format("{} forfeited: {}", printable(seat.competitor),
                          printable(seat.result->forfeit)));
  }
}

void print_failures(TextPage& page, const WorldReport& world) {
  if (world.failures.empty()) return;
  page.title("failed attempts");
  for (std::size_t i = 0; i < world.failures.size(); ++i) {
    const journal::FailedAttempt& failure = world.failures[i];
    std::string text = fmt::format("{}: {}", failure.attempt, cause_name(failure.cause));
    if (!failure.detail.empty()) text += ": " + printable(failure.detail);
    if (!failure.charged) text += " (joust itself ended it, nobody is charged)";
    if (!world.culprits[i].empty()) text += "; it names " + printable(world.culprits[i]);
    page.item(text);
    if (!failure.log.empty()) page.line("    log: " + printable(failure.log));
    if (!failure.stack.empty()) page.line("    stack: " + printable(failure.stack));
  }
}

std::string number_text(double value) {
  return std::isfinite(value) ? fmt::format("{:.10g}", value) : "-";
}

// "n_contracts_signed" without what all such names begin with.
std::string short_name(const Counter& counter) {
  const std::string name = printable(counter.name);
  return name.starts_with("n_") ? name.substr(2) : name;
}

// What names begin with that belong together: "contracts".
std::string group_of(const std::string& name) { return name.substr(0, name.find('_')); }

// Counters whose names begin alike.
struct CounterLine {
  std::string group;  // empty: those that are like no other
  std::string text;
};

// In the order in which the world gave them; those that are like no other first.
std::vector<CounterLine> counter_lines(const std::vector<Counter>& counters) {
  std::map<std::string, int> sizes;
  for (const Counter& counter : counters) ++sizes[group_of(short_name(counter))];
  std::vector<CounterLine> lines(1);
  for (const Counter& counter : counters) {
    std::string name = short_name(counter);
    std::string group = group_of(name);
    if (sizes[group] == 1 || group == name) group.clear();
    if (!group.empty()) name.erase(0, group.size() + 1);
    auto line = std::find_if(lines.begin(), lines.end(),
                             [&group](const CounterLine& each) { return each.group == group; });
    if (line == lines.end()) line = lines.insert(line, {group, ""});
    line->text +=
        fmt::format("{}{} {}", line->text.empty() ? "" : ", ", name, number_text(counter.value));
  }
  return lines;
}

void print_counters(TextPage& page, const WorldReport& world) {
  if (world.counters.empty()) return;
  page.title("counters");
  for (const CounterLine& line : counter_lines(world.counters)) {
    if (line.text.empty()) continue;
    page.item(line.group.empty() ? line.text : fmt::format("{}: {}", line.group, line.text));
  }
}

std::string cell_text(const SummaryTable::Cell& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return "-";
  if (const auto* text = std::get_if<std::string>(&cell)) {
    return clip(printable(*text), kLongestName);
  }
  if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{:.4f}", *real);
  if (const auto* truth = std::get_if<bool>(&cell)) return *truth ? "yes" : "no";
  return std::to_string(std::get<std::int64_t>(cell));
}

void print_table(TextPage& page, const SummaryTable& table) {
  page.title(printable(table.title));
  std::vector<TextColumn> columns;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::string header = printable(table.columns[i]);
    std::replace(header.begin(), header.end(), '_', ' ');
    const bool left =
        !table.rows.empty() && std::holds_alternative<std::string>(table.rows.front()[i]);
    columns.push_back({header, left});
  }
  TextTable shown(columns);
  for (const auto& row : table.rows) {
    std::vector<std::string> cells(row.size());
    std::transform(row.begin(), row.end(), cells.begin(), cell_text);
    shown.add(std::move(cells));
  }
  shown.print(page.out(), TextPage::kWidth, page.paint());
}

void print_course(TextPage& page, const WorldReport& world) {
  page.line();
  if (!world.course) {
    page.labelled_wrapped("course", "not told: " + world.no_course);
    return;
  }
  if (world.course->difference.empty()) {
    page.labelled_wrapped("course", "as it was played again now, to the recorded result");
  } else {
    page.alarm("Played again now, this world does NOT give the recorded result: " +
               world.course->difference + ". What follows is what it gave now.");
  }
  for (const SummaryTable& table : world.course->tables) print_table(page, table);
}

}  // namespace

std::string_view state_name(WorldState state) {
  switch (state) {
    case WorldState::counted:
      return "counted";
    case WorldState::voided:
      return "void";
    case WorldState::quarantined:
      return "quarantined";
    case WorldState::open:
      break;
  }
  return "open";
}

void print_world(std::ostream& out, const WorldReport& world, bool colour) {
  TextPage page(out, colour);
  print_head(page, world);
  print_seats(page, world);
  print_failures(page, world);
  print_counters(page, world);
  print_course(page, world);
  page.line();
  page.labelled("again", world.replay);
}

}  // namespace joust::report
