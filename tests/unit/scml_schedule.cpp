// Who is asked when, and about what: call by call as the reference asks agents that decide by a
// formula. tests/data/scml_reference/README.md says where the calls come from.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/scratch_folder.hpp"
#include "worker/worlds/scml/negotiation.hpp"

namespace joust::test {
namespace {

using namespace worlds::scml;
using Json = nlohmann::json;

// A call as the reference's log has it: [factory, [[partner, round, quantity or 0], ...]].
Json call_of(int factory, std::span<const Talk> talks) {
  Json about = Json::array();
  for (const Talk& talk : talks) {
    about.push_back({talk.partner, talk.round, talk.has_offer ? talk.offer.quantity : 0});
  }
  return Json::array({factory, about});
}

// Agents whose answer follows from who they are, whom they talk with, the round and the quantity.
class Formula : public NegotiationParties {
 public:
  explicit Formula(const Json& recorded) : recorded_(recorded) {}

  bool synchronous(int factory) const override {
    return recorded_["synchronous"][static_cast<std::size_t>(factory)];
  }

  void act(int factory, std::span<const Talk> talks, std::span<Reply> replies) override {
    for (std::size_t i = 0; i < talks.size(); ++i) replies[i] = answer(factory, talks[i]);
    // a synchronous agent of the reference is told of those talks only that it has an offer in
    const bool opens = !talks.front().has_offer;
    while (!opens && !talks.back().has_offer) talks = talks.first(talks.size() - 1);
    calls.push_back(call_of(factory, talks));
  }

  void agreed(const Contract& contract) override {
    contracts.push_back({contract.buyer, contract.seller, contract.terms.quantity});
  }

  Json calls = Json::array();
  Json contracts = Json::array();

 private:
  static Reply answer(int factory, const Talk& talk) {
    constexpr int kRarely = 61;
    constexpr int kQuantities = 10;
    const int round = talk.has_offer ? talk.round : 0;
    const int quantity = talk.has_offer ? talk.offer.quantity : 0;
    const int mood = (7 * factory + 3 * talk.partner + 5 * round + quantity) % kRarely;
    if (talk.has_offer && mood == 0) return Reply::end();
    if (talk.has_offer && mood == 1) return Reply::accept();
    const int next = (factory + 2 * talk.partner + 3 * round + quantity) % kQuantities;
    return Reply::propose({1 + next, 0, 1});
  }

  const Json& recorded_;
};

// As Simulation opens them: every second level from the last one on, suppliers before consumers.
void open_all(const std::vector<int>& factories, const Issues& issues, NegotiationTable& table) {
  const int levels = static_cast<int>(factories.size());
  std::vector<int> first(factories.size() + 1, 0);
  for (std::size_t level = 0; level < factories.size(); ++level) {
    first[level + 1] = first[level] + factories[level];
  }
  const auto each_of = [&](int level, auto call) {
    if (level < 0 || level >= levels) return;
    const auto l = static_cast<std::size_t>(level);
    for (int factory = first[l]; factory < first[l + 1]; ++factory) call(factory);
  };
  for (int level = levels - 1; level >= 0; level -= 2) {
    each_of(level, [&](int opener) {
      int suppliers = 0;
      each_of(level - 1, [&](int supplier) {
        table.open(opener, supplier, true, level, issues);
        ++suppliers;
      });
      // a middle level that opens reaches its suppliers only; the consumers do not know
      each_of(level + 1, [&](int consumer) {
        if (level == 0) table.open(opener, consumer, false, level + 1, issues);
        if (level > 0 && suppliers-- > 0) table.expect_in_vain(consumer);
      });
    });
  }
}

TEST_CASE("agents are asked in the order of the reference, on two, three and four levels") {
  const Json all =
      Json::parse(read_text(std::string(JOUST_TEST_DATA) + "/scml_reference/schedule.json"));
  REQUIRE(all.size() >= 9);
  for (const Json& recorded : all) {
    CAPTURE(recorded["factories"].dump());
    CAPTURE(recorded["synchronous"].dump());
    const auto factories = recorded["factories"].get<std::vector<int>>();
    constexpr int kRounds = 20;
    const Issues issues = {{1, 30}, {0, 0}, {1, 1}};
    NegotiationTable table(static_cast<int>(recorded["synchronous"].size()), kRounds);
    open_all(factories, issues, table);
    Formula parties(recorded);
    table.run(recorded["passes"], parties);
    REQUIRE(recorded["calls"].size() >= 50);
    for (std::size_t i = 0; i < std::min(parties.calls.size(), recorded["calls"].size()); ++i) {
      INFO("call ", i, " here: ", parties.calls[i].dump());
      REQUIRE(parties.calls[i] == recorded["calls"][i]);
    }
    CHECK(parties.calls.size() == recorded["calls"].size());
    CHECK(parties.contracts == recorded["contracts"]);
  }
}

}  // namespace
}  // namespace joust::test
