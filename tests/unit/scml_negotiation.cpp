// The protocol of the negotiations, with scripted parties.

#include "worker/worlds/scml/negotiation.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace joust::worlds::scml;

const Issues all_issues = {{1, 10}, {0, 0}, {5, 6}};
constexpr int kRounds = 4;

// What one agent was shown in one act.
struct Shown {
  int factory;
  std::vector<Talk> talks;
};

// Each factory answers a talk by its script; the default ends it.
class Script : public NegotiationParties {
 public:
  using Answer = std::function<Reply(const Talk&)>;

  void plays(int factory, Answer answer, bool waits_for_all = false) {
    answers_[factory] = std::move(answer);
    if (waits_for_all) synchronous_.insert(factory);
  }

  bool synchronous(int factory) const override { return synchronous_.contains(factory); }
  void act(int factory, std::span<const Talk> talks, std::span<Reply> replies) override {
    shown.push_back({factory, {talks.begin(), talks.end()}});
    for (std::size_t i = 0; i < talks.size(); ++i) {
      if (answers_.contains(factory)) replies[i] = answers_[factory](talks[i]);
    }
  }
  void agreed(const Contract& contract) override { contracts.push_back(contract); }

  std::vector<Contract> contracts;
  std::vector<Shown> shown;

 private:
  std::map<int, Answer> answers_;
  std::set<int> synchronous_;
};

Reply offers(int quantity, int price = 5) { return Reply::propose({quantity, 0, price}); }
Script::Answer always(Reply reply) {
  return [reply](const Talk&) { return reply; };
}
Script::Answer accepts_from_round(int round) {
  return [round](const Talk& talk) {
    return talk.has_offer && talk.round >= round ? Reply::accept() : offers(1);
  };
}

struct Table {
  explicit Table(int factories = 4) : table(factories, kRounds) {}
  // Buyers open.
  void between(int buyer, int seller) { table.open(buyer, seller, true, 1, all_issues); }
  NegotiationTable::Counts run(Script& script, int most_passes = 0) {
    table.run(most_passes, script);
    return table.counts();
  }
  NegotiationTable table;
};

}  // namespace

TEST_CASE("an accepted offer becomes a contract on the terms of its proposer") {
  Script script;
  script.plays(0, always(offers(7, 6)));
  script.plays(1, always(Reply::accept()));
  Table t;
  t.between(0, 1);
  const auto counts = t.run(script);
  CHECK(counts.agreed == 1);
  REQUIRE(script.contracts.size() == 1);
  const Contract& contract = script.contracts[0];
  CHECK(contract.buyer == 0);
  CHECK(contract.seller == 1);
  CHECK(contract.product == 1);
  CHECK(contract.terms == Offer{7, 0, 6});
}

TEST_CASE("the opener proposes first and acceptance of its own offer is impossible") {
  Script script;
  script.plays(0, always(Reply::accept()));
  script.plays(1, always(offers(1)));
  Table t;
  t.between(0, 1);
  const auto counts = t.run(script);
  CHECK(script.contracts.empty());
  CHECK(counts.broken() == 1);
  REQUIRE(script.shown.size() == 1);
  CHECK(script.shown[0].factory == 0);
  CHECK_FALSE(script.shown[0].talks[0].has_offer);
}

TEST_CASE("ending a negotiation leaves no contract") {
  Script script;
  script.plays(0, always(offers(3)));
  script.plays(1, always(Reply::end()));
  Table t;
  t.between(0, 1);
  const auto counts = t.run(script);
  CHECK(script.contracts.empty());
  CHECK(counts.broken() == 1);
  CHECK(counts.timed_out == 0);
}

TEST_CASE("a proposal outside the issues ends the negotiation") {
  const std::vector<Offer> invalid = {{0, 0, 5}, {11, 0, 5}, {1, 1, 5}, {1, 0, 4}, {1, 0, 7}};
  for (const Offer& offer : invalid) {
    Script script;
    script.plays(0, always(offers(3)));
    script.plays(1, always(Reply::propose(offer)));
    Table t;
    t.between(0, 1);
    const auto counts = t.run(script);
    CAPTURE(offer.quantity);
    CAPTURE(offer.day);
    CAPTURE(offer.unit_price);
    CHECK(counts.broken() == 1);
    CHECK(script.shown.size() == 2);
  }
}

TEST_CASE("a negotiation without agreement times out after its rounds") {
  Script script;
  script.plays(0, always(offers(3)));
  script.plays(1, always(offers(4)));
  Table t;
  t.between(0, 1);
  const auto counts = t.run(script);
  CHECK(counts.timed_out == 1);
  CHECK(counts.agreed == 0);
  CHECK(script.shown.size() == 2 * kRounds);
  CHECK(script.shown.back().talks[0].round == kRounds - 1);
  CHECK(script.shown.back().talks[0].offer.quantity == 3);
}

TEST_CASE("an offer in the last round can still be accepted") {
  Script script;
  script.plays(0, always(offers(3)));
  script.plays(1, accepts_from_round(kRounds - 1));
  Table t;
  t.between(0, 1);
  CHECK(t.run(script).agreed == 1);
}

TEST_CASE("a limit on passes ends the day early") {
  Script script;
  script.plays(0, always(offers(3)));
  script.plays(1, accepts_from_round(2));
  Table t;
  t.between(0, 1);
  const auto counts = t.run(script, 2);
  CHECK(counts.agreed == 0);
  CHECK(counts.timed_out == 1);
}

TEST_CASE("a synchronous agent is asked once for all its negotiations") {
  Script script;
  script.plays(0, always(offers(3)));
  script.plays(1, always(offers(4)));
  script.plays(2, always(Reply::accept()), true);
  Table t;
  t.between(0, 2);
  t.between(1, 2);
  const auto counts = t.run(script);
  CHECK(counts.agreed == 2);
  REQUIRE(script.shown.size() == 3);
  CHECK(script.shown[2].factory == 2);
  REQUIRE(script.shown[2].talks.size() == 2);
  CHECK(script.shown[2].talks[0].offer.quantity == 3);
  CHECK(script.shown[2].talks[1].offer.quantity == 4);
}

TEST_CASE("a synchronous opener makes its first proposals together") {
  Script script;
  script.plays(0, always(offers(3)), true);
  script.plays(1, always(Reply::accept()));
  script.plays(2, always(Reply::end()));
  Table t;
  t.between(0, 1);
  t.between(0, 2);
  CHECK(t.run(script).agreed == 1);
  REQUIRE(!script.shown.empty());
  CHECK(script.shown[0].talks.size() == 2);
}

TEST_CASE("a synchronous agent does not wait for negotiations that have ended") {
  Script script;
  script.plays(0, always(offers(3)));
  script.plays(1, always(Reply::end()));
  script.plays(2, accepts_from_round(0), true);
  Table t;
  t.between(0, 2);
  t.between(1, 2);
  const auto counts = t.run(script);
  CHECK(counts.agreed == 1);
  CHECK(counts.broken() == 1);
  REQUIRE(script.shown.size() >= 3);
  CHECK(script.shown.back().talks.size() == 1);
}

TEST_CASE("two synchronous sides reach all rounds without waiting for each other for ever") {
  Script script;
  for (const int buyer : {0, 1}) script.plays(buyer, always(offers(2)), true);
  for (const int seller : {2, 3}) script.plays(seller, accepts_from_round(kRounds - 1), true);
  Table t;
  for (const int buyer : {0, 1}) {
    for (const int seller : {2, 3}) t.between(buyer, seller);
  }
  const auto counts = t.run(script);
  CHECK(counts.agreed == 4);
  for (const Shown& each : script.shown) CHECK(each.talks.size() == 2);
}

TEST_CASE(
    "an agreement in one negotiation is known to a partner that is not synchronous in the next") {
  Script script;
  int accepted = 0;
  script.plays(0, always(offers(3)));
  script.plays(1, always(offers(4)));
  script.plays(2, [&](const Talk&) {
    CHECK(static_cast<int>(script.contracts.size()) == accepted);
    ++accepted;
    return Reply::accept();
  });
  Table t;
  t.between(0, 2);
  t.between(1, 2);
  CHECK(t.run(script).agreed == 2);
}

TEST_CASE("a seller that opens is still the seller") {
  Script script;
  script.plays(0, always(offers(3)));
  script.plays(1, always(Reply::accept()));
  NegotiationTable table(2, kRounds);
  table.open(0, 1, false, 1, all_issues);
  table.run(0, script);
  REQUIRE(script.contracts.size() == 1);
  CHECK(script.contracts[0].seller == 0);
  CHECK(script.shown[0].talks[0].selling);
  CHECK_FALSE(script.shown[1].talks[0].selling);
}

TEST_CASE("a cleared table starts afresh") {
  Script script;
  script.plays(0, always(offers(3)));
  script.plays(1, always(offers(3)));
  Table t;
  for (int day = 0; day < 3; ++day) {
    t.table.clear();
    t.between(0, 1);
    CHECK(t.run(script, 1).opened == 1);
  }
}

// "0: 3 offers 2", "0: agreed in round 1 by 1", ...
class Story : public NegotiationObserver {
 public:
  void on_open(int number, const Opening& opening) override {
    lines.push_back(std::to_string(number) + ": " + std::to_string(opening.opener) + " asks " +
                    std::to_string(opening.responder));
  }
  void on_proposal(int number, int factory, const Offer& offer) override {
    lines.push_back(std::to_string(number) + ": " + std::to_string(factory) + " offers " +
                    std::to_string(offer.quantity));
  }
  void on_refused(int number, int factory, const Offer& offer) override {
    lines.push_back(std::to_string(number) + ": " + std::to_string(factory) + " may not offer " +
                    std::to_string(offer.quantity));
  }
  void on_end(int number, End end, int rounds, int factory) override {
    static const char* const kEnds[] = {"agreed", "broken", "timed out"};
    lines.push_back(std::to_string(number) + ": " + kEnds[static_cast<int>(end)] + " after " +
                    std::to_string(rounds) + " by " + std::to_string(factory));
  }
  std::vector<std::string> lines;
};

TEST_CASE("who watches the negotiations is told how each went and ended, and by whom") {
  Script script;
  script.plays(0, [](const Talk& talk) { return offers(talk.round + 1); });
  script.plays(1, accepts_from_round(1));  // after an offer of its own
  script.plays(2, always(Reply::end()));
  script.plays(3, [](const Talk& talk) { return offers(talk.partner == 0 ? 2 : 11); });
  Story story;
  Table t;
  t.table.watch(&story);
  SUBCASE("an agreement") {
    t.between(0, 1);
    t.run(script);
    CHECK(story.lines == std::vector<std::string>{"0: 0 asks 1", "0: 0 offers 1", "0: 1 offers 1",
                                                  "0: 0 offers 2", "0: agreed after 2 by 1"});
  }
  SUBCASE("the end by one of them, and an offer outside of the issues, which is one") {
    t.between(0, 2);
    t.between(3, 1);
    t.run(script);
    CHECK(story.lines == std::vector<std::string>{"0: 0 asks 2", "1: 3 asks 1", "0: 0 offers 1",
                                                  "0: broken after 1 by 2", "1: 3 may not offer 11",
                                                  "1: broken after 1 by 3"});
  }
  SUBCASE("no end") {
    t.between(0, 3);
    t.run(script);
    CHECK(story.lines.size() == 2 + 2 * kRounds);
    CHECK(story.lines.back() == "0: timed out after 4 by -1");
  }
}
