#include "runner/report/compare_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/report/human.hpp"
#include "runner/report/text_page.hpp"
#include "runner/report/text_table.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kLongestName = 32;
constexpr std::size_t kKeys = 10;          // shown
constexpr std::size_t kLongestValue = 30;  // of a key

class ComparisonText {
 public:
  ComparisonText(std::ostream& out, const Comparison& comparison, bool colour)
      : page_(out, colour), comparison_(comparison) {}

  void print() {
    print_runs();
    for (std::size_t i = 1; i < comparison_.runs.size(); ++i) print_difference(i);
    print_standings();
  }

 private:
  void print_runs() {
    for (std::size_t i = 0; i < comparison_.runs.size(); ++i) {
      const ComparedRun& run = comparison_.runs[i];
      const scoring::Coverage& coverage = run.standings.coverage;
      page_.labelled(
          i == 0 ? "runs" : "",
          fmt::format("{}: {}  ({}, {} of {}, {})", i + 1, run.dir, state_name(run.state),
                      coverage.done, expected_worlds(coverage), metric_name(run.standings.metric)));
      if (coverage.unusable > 0) {
        item(page_.paint().alarm(counted(coverage.unusable, "score") + " unusable"));
      }
    }
    for (std::size_t i = 0; i < comparison_.runs.size(); ++i) {
      for (const std::string& line : comparison_.runs[i].disqualified) {
        page_.alarm(fmt::format("{}: {}", i + 1, line));
      }
      const auto banner = unequal_coverage(comparison_.runs[i].standings);
      if (banner) page_.alarm(fmt::format("{}: {}", i + 1, *banner));
    }
  }

  void print_difference(std::size_t index) {
    const RunDifference& difference = *comparison_.runs[index].difference;
    const std::size_t number = index + 1;
    page_.line();
    print_keys(difference, number);
    if (!difference.is_comparable) {
      page_.labelled_wrapped("worlds",
                             fmt::format("1 and {}: not the same plan, seed and competitors, so "
                                         "their worlds are not compared",
                                         number));
      return;
    }
    const std::string counts =
        fmt::format("1 and {}: {} the same, {} different, {} only in 1, {} only in {}", number,
                    difference.equal, difference.different, difference.only_in_first,
                    difference.only_here, number);
    const bool same = difference.different + difference.only_in_first + difference.only_here == 0;
    page_.labelled("worlds", same ? page_.paint().good(counts) : page_.paint().alarm(counts));
    for (const WorldDifference& world : difference.examples) print_world(world, number);
    const std::uint64_t all =
        difference.different + difference.only_in_first + difference.only_here;
    if (all > difference.examples.size()) {
      page_.labelled("", fmt::format("  ... and {} more", all - difference.examples.size()));
    }
  }

  void print_keys(const RunDifference& difference, std::size_t number) {
    const auto& keys = difference.keys;
    page_.labelled("spec", keys.empty() ? fmt::format("1 and {}: the same", number)
                                        : fmt::format("1 and {}: {} that {} results {}", number,
                                                      counted(keys.size(), "key"),
                                                      keys.size() == 1 ? "decides" : "decide",
                                                      keys.size() == 1 ? "differs" : "differ"));
    const auto value = [](const std::optional<std::string>& text) {
      return text ? clip(printable(*text), kLongestValue) : "nothing";
    };
    for (std::size_t i = 0; i < std::min(keys.size(), kKeys); ++i) {
      item(fmt::format("{}: {} in 1, {} in {}", printable(keys[i].key), value(keys[i].first),
                       value(keys[i].here), number));
    }
    if (keys.size() > kKeys) item(fmt::format("... and {} more", keys.size() - kKeys));
  }

  void print_world(const WorldDifference& world, std::size_t number) {
    std::string text = world.run_id + ": ";
    switch (world.change) {
      case WorldChange::only_in_first:
        text += "only in 1";
        break;
      case WorldChange::only_here:
        text += fmt::format("only in {}", number);
        break;
      case WorldChange::details:
        text += "the same scores, but other names, counters or payload";
        break;
      case WorldChange::scores:
        text += scores_text(world, number);
        break;
    }
    item(text);
  }

  static std::string scores_text(const WorldDifference& world, std::size_t number) {
    std::string text;
    for (const SeatDifference& seat : world.seats) {
      text += fmt::format("{}{} {} in 1, {} in {}", text.empty() ? "" : "; ",
                          clip(printable(seat.competitor), kLongestName), human_score(seat.first),
                          human_score(seat.here), number);
    }
    return text;
  }

  void item(std::string_view text) {
    page_.labelled("", clip("  " + std::string(text), TextPage::kWidth - TextPage::kLabel));
  }

  // In the order of the first run that has them.
  std::vector<std::string> competitors() const {
    std::vector<std::string> names;
    for (const ComparedRun& run : comparison_.runs) {
      for (const scoring::Standing& standing : run.standings.ranking) {
        if (std::find(names.begin(), names.end(), standing.name) == names.end()) {
          names.push_back(standing.name);
        }
      }
    }
    return names;
  }

  void print_standings() {
    TextTable table({{"competitor", true},
                     {"run"},
                     {"rank"},
                     {"score"},
                     {"95 % interval"},
                     {"worlds"},
                     {"unusable"}});
    for (const std::string& name : competitors()) {
      std::string shown = clip(printable(name), kLongestName);
      for (std::size_t i = 0; i < comparison_.runs.size(); ++i) {
        const auto& standings = comparison_.runs[i].standings;
        const auto place = std::ranges::find(standings.ranking, name, &scoring::Standing::name);
        if (place == standings.ranking.end()) continue;
        table.add(cells_of(shown, i + 1, standings, *place));
        shown.clear();
      }
    }
    page_.line();
    table.print(page_.out(), TextPage::kWidth, page_.paint());
  }

  static std::vector<std::string> cells_of(const std::string& shown, std::size_t run,
                                           const scoring::Standings& standings,
                                           const scoring::Standing& standing) {
    const auto* sure = inference_of(standings, standing.competitor);
    return {shown,
            std::to_string(run),
            rank_text(standing),
            human_score(standing.value),
            sure == nullptr ? "-" : human_interval(sure->interval),
            fmt::format("{} of {}", standing.worlds_done, standing.worlds_expected),
            std::to_string(standing.unusable)};
  }

  TextPage page_;
  const Comparison& comparison_;
};

}  // namespace

void print_comparison(std::ostream& out, const Comparison& comparison, bool colour) {
  ComparisonText(out, comparison, colour).print();
}

}  // namespace joust::report
