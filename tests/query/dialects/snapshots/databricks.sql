-- functions and values in a filter
SELECT
  metric_time__month
  , SUM(flows) AS flows
FROM (
  SELECT
    DATE_TRUNC('day', as_of) AS metric_time__day
    , DATE_TRUNC('month', as_of) AS metric_time__month
    , region AS balance__region
    , amount AS flows
  FROM main.balances balances_src_10000
) subq_0
WHERE ((((CASE WHEN octet_length(CAST(balance__region AS STRING)) = char_length(CAST(balance__region AS STRING)) THEN lower(CAST(balance__region AS STRING)) ELSE translate(CAST(balance__region AS STRING), 'ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠƢƤƦƧƩƬƮƯƱƲƳƵƷƸƼǄǅǇǈǊǋǍǏǑǓǕǗǙǛǞǠǢǤǦǨǪǬǮǱǲǴǶǷǸǺǼǾȀȂȄȆȈȊȌȎȐȒȔȖȘȚȜȞȠȢȤȦȨȪȬȮȰȲȺȻȽȾɁɃɄɅɆɈɊɌɎͰͲͶͿΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫϏϘϚϜϞϠϢϤϦϨϪϬϮϴϷϹϺϽϾϿЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖႠႡႢႣႤႥႦႧႨႩႪႫႬႭႮႯႰႱႲႳႴႵႶႷႸႹႺႻႼႽႾႿჀჁჂჃჄჅჇჍᎠᎡᎢᎣᎤᎥᎦᎧᎨᎩᎪᎫᎬᎭᎮᎯᎰᎱᎲᎳᎴᎵᎶᎷᎸᎹᎺᎻᎼᎽᎾᎿᏀᏁᏂᏃᏄᏅᏆᏇᏈᏉᏊᏋᏌᏍᏎᏏᏐᏑᏒᏓᏔᏕᏖᏗᏘᏙᏚᏛᏜᏝᏞᏟᏠᏡᏢᏣᏤᏥᏦᏧᏨᏩᏪᏫᏬᏭᏮᏯᏰᏱᏲᏳᏴᏵᲐᲑᲒᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪᲫᲬᲭᲮᲯᲰᲱᲲᲳᲴᲵᲶᲷᲸᲹᲺᲽᲾᲿḀḂḄḆḈḊḌḎḐḒḔḖḘḚḜḞḠḢḤḦḨḪḬḮḰḲḴḶḸḺḼḾṀṂṄṆṈṊṌṎṐṒṔṖṘṚṜṞṠṢṤṦṨṪṬṮṰṲṴṶṸṺṼṾẀẂẄẆẈẊẌẎẐẒẔẞẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸỺỼỾἈἉἊἋἌἍἎἏἘἙἚἛἜἝἨἩἪἫἬἭἮἯἸἹἺἻἼἽἾἿὈὉὊὋὌὍὙὛὝὟὨὩὪὫὬὭὮὯᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾸᾹᾺΆᾼῈΈῊΉῌῘῙῚΊῨῩῪΎῬῸΌῺΏῼΩKÅℲⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅬⅭⅮⅯↃⒶⒷⒸⒹⒺⒻⒼⒽⒾⒿⓀⓁⓂⓃⓄⓅⓆⓇⓈⓉⓊⓋⓌⓍⓎⓏⰀⰁⰂⰃⰄⰅⰆⰇⰈⰉⰊⰋⰌⰍⰎⰏⰐⰑⰒⰓⰔⰕⰖⰗⰘⰙⰚⰛⰜⰝⰞⰟⰠⰡⰢⰣⰤⰥⰦⰧⰨⰩⰪⰫⰬⰭⰮⰯⱠⱢⱣⱤⱧⱩⱫⱭⱮⱯⱰⱲⱵⱾⱿⲀⲂⲄⲆⲈⲊⲌⲎⲐⲒⲔⲖⲘⲚⲜⲞⲠⲢⲤⲦⲨⲪⲬⲮⲰⲲⲴⲶⲸⲺⲼⲾⳀⳂⳄⳆⳈⳊⳌⳎⳐⳒⳔⳖⳘⳚⳜⳞⳠⳢⳫⳭⳲꙀꙂꙄꙆꙈꙊꙌꙎꙐꙒꙔꙖꙘꙚꙜꙞꙠꙢꙤꙦꙨꙪꙬꚀꚂꚄꚆꚈꚊꚌꚎꚐꚒꚔꚖꚘꚚꜢꜤꜦꜨꜪꜬꜮꜲꜴꜶꜸꜺꜼꜾꝀꝂꝄꝆꝈꝊꝌꝎꝐꝒꝔꝖꝘꝚꝜꝞꝠꝢꝤꝦꝨꝪꝬꝮꝹꝻꝽꝾꞀꞂꞄꞆꞋꞍꞐꞒꞖꞘꞚꞜꞞꞠꞢꞤꞦꞨꞪꞫꞬꞭꞮꞰꞱꞲꞳꞴꞶꞸꞺꞼꞾꟀꟂꟄꟅꟆꟇꟉꟐꟖꟘꟵＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ𐐀𐐁𐐂𐐃𐐄𐐅𐐆𐐇𐐈𐐉𐐊𐐋𐐌𐐍𐐎𐐏𐐐𐐑𐐒𐐓𐐔𐐕𐐖𐐗𐐘𐐙𐐚𐐛𐐜𐐝𐐞𐐟𐐠𐐡𐐢𐐣𐐤𐐥𐐦𐐧𐒰𐒱𐒲𐒳𐒴𐒵𐒶𐒷𐒸𐒹𐒺𐒻𐒼𐒽𐒾𐒿𐓀𐓁𐓂𐓃𐓄𐓅𐓆𐓇𐓈𐓉𐓊𐓋𐓌𐓍𐓎𐓏𐓐𐓑𐓒𐓓𐕰𐕱𐕲𐕳𐕴𐕵𐕶𐕷𐕸𐕹𐕺𐕼𐕽𐕾𐕿𐖀𐖁𐖂𐖃𐖄𐖅𐖆𐖇𐖈𐖉𐖊𐖌𐖍𐖎𐖏𐖐𐖑𐖒𐖔𐖕𐲀𐲁𐲂𐲃𐲄𐲅𐲆𐲇𐲈𐲉𐲊𐲋𐲌𐲍𐲎𐲏𐲐𐲑𐲒𐲓𐲔𐲕𐲖𐲗𐲘𐲙𐲚𐲛𐲜𐲝𐲞𐲟𐲠𐲡𐲢𐲣𐲤𐲥𐲦𐲧𐲨𐲩𐲪𐲫𐲬𐲭𐲮𐲯𐲰𐲱𐲲𑢠𑢡𑢢𑢣𑢤𑢥𑢦𑢧𑢨𑢩𑢪𑢫𑢬𑢭𑢮𑢯𑢰𑢱𑢲𑢳𑢴𑢵𑢶𑢷𑢸𑢹𑢺𑢻𑢼𑢽𑢾𑢿𖹀𖹁𖹂𖹃𖹄𖹅𖹆𖹇𖹈𖹉𖹊𖹋𖹌𖹍𖹎𖹏𖹐𖹑𖹒𖹓𖹔𖹕𖹖𖹗𖹘𖹙𖹚𖹛𖹜𖹝𖹞𖹟𞤀𞤁𞤂𞤃𞤄𞤅𞤆𞤇𞤈𞤉𞤊𞤋𞤌𞤍𞤎𞤏𞤐𞤑𞤒𞤓𞤔𞤕𞤖𞤗𞤘𞤙𞤚𞤛𞤜𞤝𞤞𞤟𞤠𞤡', 'abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįiĳĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżžɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵơƣƥʀƨʃƭʈưʊʋƴƶʒƹƽǆǆǉǉǌǌǎǐǒǔǖǘǚǜǟǡǣǥǧǩǫǭǯǳǳǵƕƿǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȝȟƞȣȥȧȩȫȭȯȱȳⱥȼƚⱦɂƀʉʌɇɉɋɍɏͱͳͷϳάέήίόύώαβγδεζηθικλμνξοπρστυφχψωϊϋϗϙϛϝϟϡϣϥϧϩϫϭϯθϸϲϻͻͼͽѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆӈӊӌӎӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆⴀⴁⴂⴃⴄⴅⴆⴇⴈⴉⴊⴋⴌⴍⴎⴏⴐⴑⴒⴓⴔⴕⴖⴗⴘⴙⴚⴛⴜⴝⴞⴟⴠⴡⴢⴣⴤⴥⴧⴭꭰꭱꭲꭳꭴꭵꭶꭷꭸꭹꭺꭻꭼꭽꭾꭿꮀꮁꮂꮃꮄꮅꮆꮇꮈꮉꮊꮋꮌꮍꮎꮏꮐꮑꮒꮓꮔꮕꮖꮗꮘꮙꮚꮛꮜꮝꮞꮟꮠꮡꮢꮣꮤꮥꮦꮧꮨꮩꮪꮫꮬꮭꮮꮯꮰꮱꮲꮳꮴꮵꮶꮷꮸꮹꮺꮻꮼꮽꮾꮿᏸᏹᏺᏻᏼᏽაბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰჱჲჳჴჵჶჷჸჹჺჽჾჿḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕßạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹỻỽỿἀἁἂἃἄἅἆἇἐἑἒἓἔἕἠἡἢἣἤἥἦἧἰἱἲἳἴἵἶἷὀὁὂὃὄὅὑὓὕὗὠὡὢὣὤὥὦὧᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾰᾱὰάᾳὲέὴήῃῐῑὶίῠῡὺύῥὸόὼώῳωkåⅎⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻⅼⅽⅾⅿↄⓐⓑⓒⓓⓔⓕⓖⓗⓘⓙⓚⓛⓜⓝⓞⓟⓠⓡⓢⓣⓤⓥⓦⓧⓨⓩⰰⰱⰲⰳⰴⰵⰶⰷⰸⰹⰺⰻⰼⰽⰾⰿⱀⱁⱂⱃⱄⱅⱆⱇⱈⱉⱊⱋⱌⱍⱎⱏⱐⱑⱒⱓⱔⱕⱖⱗⱘⱙⱚⱛⱜⱝⱞⱟⱡɫᵽɽⱨⱪⱬɑɱɐɒⱳⱶȿɀⲁⲃⲅⲇⲉⲋⲍⲏⲑⲓⲕⲗⲙⲛⲝⲟⲡⲣⲥⲧⲩⲫⲭⲯⲱⲳⲵⲷⲹⲻⲽⲿⳁⳃⳅⳇⳉⳋⳍⳏⳑⳓⳕⳗⳙⳛⳝⳟⳡⳣⳬⳮⳳꙁꙃꙅꙇꙉꙋꙍꙏꙑꙓꙕꙗꙙꙛꙝꙟꙡꙣꙥꙧꙩꙫꙭꚁꚃꚅꚇꚉꚋꚍꚏꚑꚓꚕꚗꚙꚛꜣꜥꜧꜩꜫꜭꜯꜳꜵꜷꜹꜻꜽꜿꝁꝃꝅꝇꝉꝋꝍꝏꝑꝓꝕꝗꝙꝛꝝꝟꝡꝣꝥꝧꝩꝫꝭꝯꝺꝼᵹꝿꞁꞃꞅꞇꞌɥꞑꞓꞗꞙꞛꞝꞟꞡꞣꞥꞧꞩɦɜɡɬɪʞʇʝꭓꞵꞷꞹꞻꞽꞿꟁꟃꞔʂᶎꟈꟊꟑꟗꟙꟶａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ𐐨𐐩𐐪𐐫𐐬𐐭𐐮𐐯𐐰𐐱𐐲𐐳𐐴𐐵𐐶𐐷𐐸𐐹𐐺𐐻𐐼𐐽𐐾𐐿𐑀𐑁𐑂𐑃𐑄𐑅𐑆𐑇𐑈𐑉𐑊𐑋𐑌𐑍𐑎𐑏𐓘𐓙𐓚𐓛𐓜𐓝𐓞𐓟𐓠𐓡𐓢𐓣𐓤𐓥𐓦𐓧𐓨𐓩𐓪𐓫𐓬𐓭𐓮𐓯𐓰𐓱𐓲𐓳𐓴𐓵𐓶𐓷𐓸𐓹𐓺𐓻𐖗𐖘𐖙𐖚𐖛𐖜𐖝𐖞𐖟𐖠𐖡𐖣𐖤𐖥𐖦𐖧𐖨𐖩𐖪𐖫𐖬𐖭𐖮𐖯𐖰𐖱𐖳𐖴𐖵𐖶𐖷𐖸𐖹𐖻𐖼𐳀𐳁𐳂𐳃𐳄𐳅𐳆𐳇𐳈𐳉𐳊𐳋𐳌𐳍𐳎𐳏𐳐𐳑𐳒𐳓𐳔𐳕𐳖𐳗𐳘𐳙𐳚𐳛𐳜𐳝𐳞𐳟𐳠𐳡𐳢𐳣𐳤𐳥𐳦𐳧𐳨𐳩𐳪𐳫𐳬𐳭𐳮𐳯𐳰𐳱𐳲𑣀𑣁𑣂𑣃𑣄𑣅𑣆𑣇𑣈𑣉𑣊𑣋𑣌𑣍𑣎𑣏𑣐𑣑𑣒𑣓𑣔𑣕𑣖𑣗𑣘𑣙𑣚𑣛𑣜𑣝𑣞𑣟𖹠𖹡𖹢𖹣𖹤𖹥𖹦𖹧𖹨𖹩𖹪𖹫𖹬𖹭𖹮𖹯𖹰𖹱𖹲𖹳𖹴𖹵𖹶𖹷𖹸𖹹𖹺𖹻𖹼𖹽𖹾𖹿𞤢𞤣𞤤𞤥𞤦𞤧𞤨𞤩𞤪𞤫𞤬𞤭𞤮𞤯𞤰𞤱𞤲𞤳𞤴𞤵𞤶𞤷𞤸𞤹𞤺𞤻𞤼𞤽𞤾𞤿𞥀𞥁𞥂𞥃') END) = 'é') AND (TRIM(BOTH ' ' FROM CAST(balance__region AS STRING)) LIKE REPLACE((((DECODE(X'25', 'UTF-8') || 'it') || (DECODE(X'27', 'UTF-8') || ('s 100' || DECODE(X'7b', 'UTF-8')))) || ((DECODE(X'25', 'UTF-8') || (DECODE(X'7d', 'UTF-8') || ' ')) || (DECODE(X'5c', 'UTF-8') || (' off' || DECODE(X'25', 'UTF-8'))))), '!', '!!') ESCAPE '!') AND (balance__region != 'sma_1_cte') AND (metric_time__day >= CAST('2024-01-31' AS DATE)) AND (metric_time__day <= CAST('2024-02-29 23:59:59' AS TIMESTAMP)) AND (EXTRACT(YEAR FROM metric_time__day) = 2024) AND (EXTRACT(QUARTER FROM metric_time__day) IN (1, 2)) AND (EXTRACT(WEEK FROM metric_time__day) < 20) AND (EXTRACT(DOY FROM metric_time__day) > 3) AND ((EXTRACT(DAYOFWEEK FROM metric_time__day) - 1) != 0) AND (EXTRACT(DAYOFWEEK_ISO FROM metric_time__day) BETWEEN 1 AND 5)) AND (balance__region LIKE ('E!_!' || (DECODE(X'25', 'UTF-8') || DECODE(X'25', 'UTF-8'))) ESCAPE '!'))
GROUP BY
  metric_time__month
ORDER BY metric_time__month NULLS LAST

-- a name that is a word of SQL
SELECT
  `group`
  , SUM(flows) AS flows
FROM (
  SELECT
    account_id AS `group`
    , amount AS flows
  FROM main.balances balances_src_10000
) subq_0
WHERE (`group` IN (1, 2))
GROUP BY
  `group`
ORDER BY flows DESC NULLS LAST, `group` NULLS LAST
LIMIT 5

-- a balance and a window by month
WITH sma_0_cte AS (
  SELECT
    DATE_TRUNC('day', as_of) AS as_of__day
    , DATE_TRUNC('day', as_of) AS metric_time__day
    , DATE_TRUNC('month', as_of) AS metric_time__month
    , region AS balance__region
    , amount AS __flows
    , amount AS __last
  FROM main.balances balances_src_10000
)

SELECT
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month) AS metric_time__month
  , COALESCE(subq_0.balance__region, subq_1.balance__region, subq_2.balance__region) AS balance__region
  , MAX(subq_0.last) AS last
  , MAX(subq_1.rolling_last) AS rolling_last
  , MAX(subq_2.month_to_date_last) AS month_to_date_last
FROM (
  SELECT
    subq_3.metric_time__month AS metric_time__month
    , subq_3.balance__region AS balance__region
    , SUM(subq_3.__last) AS last
  FROM (
    SELECT
      as_of__day
      , metric_time__month
      , balance__region
      , __last
    FROM sma_0_cte
  ) subq_3
  INNER JOIN (
    SELECT
      metric_time__month
      , MAX(as_of__day) AS as_of__day__complete
    FROM sma_0_cte
    GROUP BY
      metric_time__month
  ) subq_4
  ON
    subq_3.as_of__day = subq_4.as_of__day__complete
  GROUP BY
    subq_3.metric_time__month
    , subq_3.balance__region
) subq_0
FULL OUTER JOIN (
  SELECT
    subq_5.metric_time__month AS metric_time__month
    , subq_5.balance__region AS balance__region
    , MAX(CASE
      WHEN subq_5.metric_time__day = subq_6.metric_time__day__last
        THEN subq_5.rolling_last
    END) AS rolling_last
  FROM (
    SELECT
      subq_7.date_day AS metric_time__day
      , DATE_TRUNC('month', subq_7.date_day) AS metric_time__month
      , sma_0_cte.balance__region AS balance__region
      , SUM(sma_0_cte.__flows) AS rolling_last
    FROM main.days subq_7
    INNER JOIN
      sma_0_cte
    ON
      (
        sma_0_cte.metric_time__day <= subq_7.date_day
      ) AND (
        sma_0_cte.metric_time__day > DATEADD(day, -7, subq_7.date_day)
      )
    GROUP BY
      subq_7.date_day
      , DATE_TRUNC('month', subq_7.date_day)
      , sma_0_cte.balance__region
  ) subq_5
  LEFT OUTER JOIN (
    SELECT
      DATE_TRUNC('month', date_day) AS metric_time__month
      , MAX(date_day) AS metric_time__day__last
    FROM main.days time_spine_src_10000
    GROUP BY
      DATE_TRUNC('month', date_day)
  ) subq_6
  ON
    subq_5.metric_time__month = subq_6.metric_time__month
  GROUP BY
    subq_5.metric_time__month
    , subq_5.balance__region
) subq_1
ON
  (
    subq_0.balance__region = subq_1.balance__region
  ) AND (
    subq_0.metric_time__month = subq_1.metric_time__month
  )
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , balance__region
    , month_to_date_last
  FROM (
    SELECT
      metric_time__month
      , balance__region
      , LAST_VALUE(month_to_date_last) OVER (
        PARTITION BY
          balance__region
          , metric_time__month
        ORDER BY metric_time__day
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS month_to_date_last
    FROM (
      SELECT
        subq_8.date_day AS metric_time__day
        , DATE_TRUNC('month', subq_8.date_day) AS metric_time__month
        , sma_0_cte.balance__region AS balance__region
        , SUM(sma_0_cte.__flows) AS month_to_date_last
      FROM main.days subq_8
      INNER JOIN
        sma_0_cte
      ON
        (
          sma_0_cte.metric_time__day <= subq_8.date_day
        ) AND (
          sma_0_cte.metric_time__day >= DATE_TRUNC('month', subq_8.date_day)
        )
      GROUP BY
        subq_8.date_day
        , DATE_TRUNC('month', subq_8.date_day)
        , sma_0_cte.balance__region
    ) subq_9
  ) subq_10
  GROUP BY
    metric_time__month
    , balance__region
    , month_to_date_last
) subq_2
ON
  (
    COALESCE(subq_0.balance__region, subq_1.balance__region) = subq_2.balance__region
  ) AND (
    COALESCE(subq_0.metric_time__month, subq_1.metric_time__month) = subq_2.metric_time__month
  )
GROUP BY
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month, subq_2.metric_time__month)
  , COALESCE(subq_0.balance__region, subq_1.balance__region, subq_2.balance__region)
ORDER BY metric_time__month NULLS LAST, balance__region NULLS LAST

-- an offset and a ratio
WITH sma_0_cte AS (
  SELECT
    DATE_TRUNC('month', as_of) AS metric_time__month
    , amount AS __flows
    , 1 AS __row_count
  FROM main.balances balances_src_10000
)

SELECT
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month) AS metric_time__month
  , MAX(subq_0.flows_month_before) AS flows_month_before
  , MAX(CAST(subq_1.flows AS DOUBLE) / CAST(NULLIF(subq_1.row_count, 0) AS DOUBLE)) AS mean
FROM (
  SELECT
    metric_time__month
    , before AS flows_month_before
  FROM (
    SELECT
      subq_2.metric_time__month AS metric_time__month
      , subq_3.__flows AS `before`
    FROM (
      SELECT
        DATE_TRUNC('month', date_day) AS metric_time__month
      FROM main.days time_spine_src_10000
      GROUP BY
        DATE_TRUNC('month', date_day)
    ) subq_2
    INNER JOIN (
      SELECT
        metric_time__month
        , SUM(__flows) AS __flows
      FROM sma_0_cte
      GROUP BY
        metric_time__month
    ) subq_3
    ON
      DATEADD(month, -1, subq_2.metric_time__month) = subq_3.metric_time__month
  ) subq_4
) subq_0
FULL OUTER JOIN (
  SELECT
    metric_time__month
    , SUM(__flows) AS flows
    , SUM(__row_count) AS row_count
  FROM sma_0_cte
  GROUP BY
    metric_time__month
) subq_1
ON
  subq_0.metric_time__month = subq_1.metric_time__month
GROUP BY
  COALESCE(subq_0.metric_time__month, subq_1.metric_time__month)
ORDER BY metric_time__month DESC NULLS LAST

-- a conversion
SELECT
  visits_key__channel
  , CAST(__orders_count AS DOUBLE) / CAST(NULLIF(__visits_count, 0) AS DOUBLE) AS rate
FROM (
  SELECT
    COALESCE(subq_0.visits_key__channel, subq_1.visits_key__channel) AS visits_key__channel
    , MAX(subq_0.__visits_count) AS __visits_count
    , MAX(subq_1.__orders_count) AS __orders_count
  FROM (
    SELECT
      visits_key__channel
      , SUM(__visits_count) AS __visits_count
    FROM (
      SELECT
        channel AS visits_key__channel
        , 1 AS __visits_count
      FROM main.visits visits_src_10000
    ) subq_2
    GROUP BY
      visits_key__channel
  ) subq_0
  FULL OUTER JOIN (
    SELECT
      visits_key__channel
      , SUM(__orders_count) AS __orders_count
    FROM (
      SELECT
        visits_src_10000.channel AS visits_key__channel
        , subq_3.__orders_count AS __orders_count
        , ROW_NUMBER() OVER (
          PARTITION BY subq_3.mf_internal_uuid
          ORDER BY
            DATE_TRUNC('day', visits_src_10000.happened) DESC
            , CASE
              WHEN CAST(visits_src_10000.happened AS TIMESTAMP) <= subq_3.mf_internal_event_time
                THEN 1
              ELSE 0
            END DESC
            , CAST(visits_src_10000.happened AS TIMESTAMP) DESC
            , LENGTH(COALESCE(CAST(visits_src_10000.visit_id AS STRING), '')) DESC
            , COALESCE(CAST(visits_src_10000.visit_id AS STRING), '') DESC
        ) AS mf_internal_place
      FROM main.visits visits_src_10000
      INNER JOIN (
        SELECT
          DATE_TRUNC('day', happened) AS metric_time__day
          , person_id AS person
          , CAST(happened AS TIMESTAMP) AS mf_internal_event_time
          , 1 AS __orders_count
          , UUID() AS mf_internal_uuid
        FROM main.orders orders_src_10000
      ) subq_3
      ON
        (
          visits_src_10000.person_id = subq_3.person
        ) AND (
          (
            DATE_TRUNC('day', visits_src_10000.happened) <= subq_3.metric_time__day
          ) AND (
            DATE_TRUNC('day', visits_src_10000.happened) > DATEADD(day, -3, subq_3.metric_time__day)
          )
        )
    ) subq_4
    WHERE mf_internal_place = 1
    GROUP BY
      visits_key__channel
  ) subq_1
  ON
    subq_0.visits_key__channel = subq_1.visits_key__channel
  GROUP BY
    COALESCE(subq_0.visits_key__channel, subq_1.visits_key__channel)
) subq_5
ORDER BY visits_key__channel NULLS LAST

-- rows that may be seen
SELECT
  SUM(CASE WHEN deal_id IS NOT NULL THEN 1 ELSE 0 END) AS deals
FROM (SELECT source.* FROM star.deals AS source WHERE ((source.owner_id IN (SELECT linked_1.owner_id FROM star.owners AS linked_1 WHERE CAST((upper(team)) AS STRING) IN ('North') OR (upper(team)) IN (7))))) deals_src_10000
