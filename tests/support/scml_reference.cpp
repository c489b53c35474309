#include "tests/support/scml_reference.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "tests/support/process_joust.hpp"
#include "tests/support/scml_setup.hpp"
#include "worker/worlds/scml/agents/agent_types.hpp"
#include "worker/worlds/scml/economy_file.hpp"
#include "worker/worlds/scml/simulation.hpp"

namespace joust::test {
namespace {

using namespace worlds::scml;
using Json = nlohmann::json;

template <class Scores>
void add_scores(const Economy& economy, const Scores& scores, Outcomes& outcomes) {
  std::map<std::string, std::vector<double>> by_type;
  for (std::size_t i = 0; i < economy.factories.size(); ++i) {
    const std::string& type = economy.factories[i].type;
    const double score = scores[i];
    outcomes[fmt::format("score {:02} {}", i, type)] = score;
    by_type[type].push_back(score);
  }
  for (const auto& [type, all] : by_type) {
    outcomes["score of " + type] =
        std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
  }
}

// Sums up what every day brought.
class Totals : public DayObserver {
 public:
  void on_day(int, std::span<const FactoryState> factories, std::span<const Contract> contracts,
              const std::vector<double>&, const std::vector<double>& after) override {
    prices.resize(after.size());
    sold.resize(after.size());
    for (std::size_t product = 0; product < after.size(); ++product) {
      prices[product] += after[product];
    }
    for (const Contract& contract : contracts) {
      if (contract.nullified) continue;
      sold[static_cast<std::size_t>(contract.product)] += contract.terms.quantity;
    }
    for (const FactoryState& state : factories) {
      sold.front() += state.desk.terms.exogenous_in;
      sold.back() += state.desk.terms.exogenous_out;
    }
  }

  std::vector<double> prices;
  std::vector<double> sold;
};

Outcomes run_of(const Economy& economy, const Json& run) {
  Outcomes outcomes;
  add_scores(economy, run.at("scores"), outcomes);
  for (std::size_t product = 0; product < run.at("prices").size(); ++product) {
    outcomes[fmt::format("price {}", product)] = run.at("prices")[product];
    outcomes[fmt::format("sold {}", product)] = run.at("sold")[product];
  }
  return outcomes;
}

void read_process(const Json& json, ReferenceEconomy& into) {
  if (!json.contains("scores")) return;
  const Json& all = json.at("scores");
  into.process_runs = static_cast<int>(all.size());
  std::vector<double> means(into.economy.factories.size());
  for (const Json& scores : all) {
    for (std::size_t i = 0; i < means.size(); ++i) {
      means[i] += scores[i].get<double>() / into.process_runs;
    }
  }
  add_scores(into.economy, means, into.process_means);
  for (std::size_t product = 0; product < json.at("mean_prices").size(); ++product) {
    into.process_means[fmt::format("price {}", product)] = json.at("mean_prices")[product];
    into.process_first[fmt::format("sold {}", product)] = json.at("first_sold")[product];
  }
}

}  // namespace

std::vector<ReferenceEconomy> reference_economies(Game game) {
  const bool is_standard = game == Game::standard;
  const std::string text = read_text(std::string(JOUST_TEST_DATA) + "/scml_reference/" +
                                     (is_standard ? "standard.json" : "oneshot.json"));
  const std::vector<std::string> names = types_of(game);
  const std::vector<Economy> economies = read_economies(
      text, default_rules(game).levels, 0, std::set<std::string>(names.begin(), names.end()));
  const Json json = Json::parse(text);
  std::vector<ReferenceEconomy> all;
  for (std::size_t i = 0; i < economies.size(); ++i) {
    ReferenceEconomy each;
    each.name = fmt::format("{} {}", is_standard ? "standard" : "oneshot", i);
    each.economy = economies[i];
    for (const Json& run : json[i].at("runs")) each.runs.push_back(run_of(each.economy, run));
    read_process(json[i], each);
    all.push_back(std::move(each));
  }
  return all;
}

Outcomes play_once(const Rules& rules, const Economy& economy, std::uint64_t seed,
                   std::uint64_t ranks) {
  const auto game = new_game(rules, economy, seed, ranks);
  Totals totals;
  while (game->day() < economy.days) game->play_day(&totals);
  std::vector<double> scores;
  for (std::size_t i = 0; i < economy.factories.size(); ++i) scores.push_back(game->score(i));
  Outcomes outcomes;
  add_scores(economy, scores, outcomes);
  for (std::size_t product = 0; product < totals.prices.size(); ++product) {
    outcomes[fmt::format("price {}", product)] = totals.prices[product] / economy.days;
    outcomes[fmt::format("sold {}", product)] = totals.sold[product];
  }
  return outcomes;
}

}  // namespace joust::test
